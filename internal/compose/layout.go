package compose

import "image"

// arrangeTiles finds the places on the canvas: the main, when there is one, and the n places of the others.
// All edges are even, as chroma wants it; all places of the others have one size and the aspect ratio 16:9.
func arrangeTiles(width, height int, hasMain bool, n int) (main image.Rectangle, others []image.Rectangle) {
	canvas, space := image.Rect(0, 0, width, height), gap(width, height)
	if !hasMain {
		return image.Rectangle{}, grid(canvas, n, space)
	}
	if n == 0 {
		return canvas, nil
	}
	// A fifth of a wide canvas is a column of tiles whose height is a fifth of the canvas too. On a tall one
	// a wide share is as high as the canvas is wide, and the rest is for the people.
	if width >= height {
		edge := even(width * 4 / 5)
		return image.Rect(space, space, edge, height-space), grid(image.Rect(edge, 0, width, height), n, space)
	}
	edge := even(height * 11 / 20)
	return image.Rect(space, space, width-space, edge), grid(image.Rect(0, edge, width, height), n, space)
}

// grid packs n tiles of 16:9 as large as they can be, in rows; the last row is centered.
func grid(area image.Rectangle, n, space int) []image.Rectangle {
	if n == 0 {
		return nil
	}
	var width, height, columns int
	for try := 1; try <= n; try++ {
		rows := (n + try - 1) / try
		w := (area.Dx() - space*(try+1)) / try
		h := (area.Dy() - space*(rows+1)) / rows
		w = min(w, h*16/9)
		if w = even(w); w > width {
			width, height, columns = w, even(w*9/16), try
		}
	}
	if width < 2 || height < 2 {
		return make([]image.Rectangle, n)
	}

	rows := (n + columns - 1) / columns
	top := area.Min.Y + even((area.Dy()-rows*(height+space)+space)/2)
	tiles := make([]image.Rectangle, 0, n)
	for row := range rows {
		inRow := min(columns, n-row*columns)
		left := area.Min.X + even((area.Dx()-inRow*(width+space)+space)/2)
		for column := range inRow {
			at := image.Pt(left+column*(width+space), top+row*(height+space))
			tiles = append(tiles, image.Rectangle{Min: at, Max: at.Add(image.Pt(width, height))})
		}
	}
	return tiles
}

// gap is the space between the tiles of a canvas.
func gap(width, height int) int { return max(2, even(min(width, height)/90)) }

func even(n int) int { return n &^ 1 }

// place finds where a picture of that size lies in a tile and which part of it is seen. A camera whose aspect ratio is
// nearly the tile's fills it and loses its edges; all others are seen whole. A camera that is hardly larger than the
// tile, as 640x360 is in a quarter of 720p, loses its edges too instead of being scaled: that is sharp, and a copy.
func place(tile image.Rectangle, width, height int, whole bool) (seen, dst image.Rectangle) {
	seen, dst = image.Rect(0, 0, width, height), tile
	tileW, tileH := tile.Dx(), tile.Dy()
	across, down := width*tileH, height*tileW // compares width/height with the tile's
	if nearly := min(across, down)*10 >= max(across, down)*9; nearly && !whole {
		hardly := func(size, tile int) bool { return size >= tile && size*16 <= tile*17 }
		if hardly(width, tileW) && hardly(height, tileH) {
			seen.Min = image.Pt(even((width-tileW)/2), even((height-tileH)/2))
			seen.Max = seen.Min.Add(tile.Size())
		} else if across > down {
			w := max(2, even(height*tileW/tileH))
			seen.Min.X = even((width - w) / 2)
			seen.Max.X = seen.Min.X + w
		} else if down > across {
			h := max(2, even(width*tileH/tileW))
			seen.Min.Y = even((height - h) / 2)
			seen.Max.Y = seen.Min.Y + h
		}
		return seen, dst
	}
	if across > down {
		h := max(2, even(height*tileW/width))
		dst.Min.Y += even((tileH - h) / 2)
		dst.Max.Y = dst.Min.Y + h
	} else if down > across {
		w := max(2, even(width*tileH/height))
		dst.Min.X += even((tileW - w) / 2)
		dst.Max.X = dst.Min.X + w
	}
	return seen, dst
}
