package picture

// Color is one color in the picture's own terms: BT.601, limited range.
type Color struct{ Y, U, V byte }

// Black is the darkest color; a zeroed picture would be green.
var Black = Color{Y: 16, U: 128, V: 128}

// RGB converts a full range sRGB color (ITU-R BT.601-7, 2.5.3, in 8 bit fixed point).
func RGB(r, g, b byte) Color {
	red, green, blue := int(r), int(g), int(b)
	return Color{
		Y: byte(16 + (66*red+129*green+25*blue+128)>>8),
		U: byte(128 + (-38*red-74*green+112*blue+128)>>8),
		V: byte(128 + (112*red-94*green-18*blue+128)>>8),
	}
}
