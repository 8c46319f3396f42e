package hls

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// at is a playlist with the segments 10 to 19 of four parts each, of which the last three have them listed, and so many
// parts of segment 20.
func at(open int) *parsedPlaylist {
	l := &parsedPlaylist{playlist: playlist{first: 10, target: 2 * time.Second, partTarget: 500 * time.Millisecond}}
	for n := range 10 {
		s := segment{duration: 2 * time.Second}
		if n >= 7 {
			s.parts = make([]part, 4)
		}
		l.segments = append(l.segments, s)
	}
	l.open = make([]part, open)
	return l
}

// The draft, 6.2.5.2, sentence by sentence.
func TestDirectives(t *testing.T) {
	const now, waits, refused = "now", "waits", "refused"
	ended, plain := at(2), at(0)
	ended.ended = true
	plain.partTarget = 0
	for _, tt := range []struct {
		query string
		of    *parsedPlaylist
		want  string
		says  string
	}{
		{"_HLS_msn=19", at(2), now, ""},
		{"_HLS_msn=0", at(2), now, ""}, // no longer listed
		{"_HLS_msn=20", at(2), waits, ""},
		{"_HLS_msn=20", at(4), waits, ""}, // its parts are there, it is not
		{"_HLS_msn=21", at(2), waits, ""},
		{"_HLS_msn=22", at(2), refused, "22 is too far ahead: the last segment is 19"},
		{"_HLS_msn=18446744073709551615", at(2), refused, "too far ahead"},
		{"_HLS_msn=99999999999999999999", at(2), refused, "too far ahead"},
		{"_HLS_msn=100000000000000000000", at(2), refused, "more than 20 digits"},
		{"_HLS_msn=" + strings.Repeat("9", 100_000), at(2), refused, "more than 20 digits"},

		{"_HLS_msn=20&_HLS_part=1", at(2), now, ""},
		{"_HLS_msn=20&_HLS_part=2", at(2), waits, ""},
		{"_HLS_msn=20&_HLS_part=7", at(2), waits, ""},
		{"_HLS_msn=20&_HLS_part=8", at(2), refused, "8 of segment 20 is too far ahead: the last one is 1 of segment 20"},
		{"_HLS_msn=21&_HLS_part=0", at(2), waits, ""},
		{"_HLS_msn=21&_HLS_part=5", at(2), waits, ""},
		{"_HLS_msn=21&_HLS_part=6", at(2), refused, "too far ahead"},
		{"_HLS_msn=19&_HLS_part=3", at(0), now, ""},
		{"_HLS_msn=19&_HLS_part=4", at(0), waits, ""}, // the first one of segment 20
		{"_HLS_msn=19&_HLS_part=4", at(1), now, ""},
		{"_HLS_msn=19&_HLS_part=99999", at(0), waits, ""},
		{"_HLS_msn=18&_HLS_part=99999999999", at(0), now, ""}, // the first one of segment 19
		{"_HLS_msn=11&_HLS_part=77", at(0), now, ""},
		{"_HLS_msn=3&_HLS_part=77", at(0), now, ""},
		{"_HLS_part=1", at(2), refused, "comes without _HLS_msn"},
		{"_HLS_part=x", at(2), refused, "no decimal number"},

		{"_HLS_msn=", at(2), refused, "has no value"},
		{"_HLS_msn", at(2), refused, "has no value"},
		{"_HLS_msn=-1", at(2), refused, "no decimal number"},
		{"_HLS_msn=%2B1", at(2), refused, "no decimal number"},
		{"_HLS_msn=1e3", at(2), refused, "no decimal number"},
		{"_HLS_msn=1.0", at(2), refused, "no decimal number"},
		{"_HLS_msn=+20", at(2), refused, "no decimal number"}, // a plus is a space
		{"_HLS_msn=%D9%A2", at(2), refused, "no decimal number"},
		{"_HLS_msn=20%00", at(2), refused, "no decimal number"},
		{"_HLS_msn=20&_HLS_msn=20", at(2), refused, "2 times"},
		{"_HLS_msn=20&_HLS_part=1&_HLS_part=1", at(2), refused, "2 times"},
		{"_HLS_msn=20;_HLS_part=1", at(2), refused, "not encoded"},
		{"_HLS_msn=%zz", at(2), refused, "not encoded"},

		{"_HLS_skip=YES", at(2), now, ""},
		{"_HLS_skip=MAYBE", at(2), now, ""},
		{"_HLS_msn=20&_HLS_part=2&_HLS_skip=YES", at(2), waits, ""},
		{"_HLS_msn=20&_HLS_later=than+us", at(2), waits, ""},

		{"_HLS_msn=99&_HLS_part=99", ended, now, ""}, // MUST ignore
		{"_HLS_part=1", ended, now, ""},
		{"_HLS_msn=99&_HLS_part=99", plain, now, ""}, // not offered
	} {
		asked := readDirectives(tt.query)
		require.True(t, asked.any, tt.query)
		yes, f := asked.satisfiedBy(tt.of)
		got := waits
		switch {
		case f != nil:
			got = refused
			require.Equal(t, 400, f.HTTPStatus())
			require.Equal(t, "HLS_DIRECTIVE", f.Reason)
			require.Contains(t, f.Detail, tt.says)
			require.Less(t, len(f.Detail), 200)
			require.False(t, yes)
		case yes:
			got = now
		}
		require.Equal(t, tt.want, got, "%s of %d parts", tt.query, len(tt.of.open))
	}
	for _, query := range []string{"", "token=x", "a=%zz", "_hls_msn=1", "HLS_msn=7", "_HLS_push=0", "_HLS_primary_id=x"} {
		require.False(t, readDirectives(query).any, query)
	}
	for query, skip := range map[string]bool{"_HLS_skip=YES": true, "_HLS_skip=v2": true, "_HLS_skip=yes": false,
		"_HLS_skip=": false, "_HLS_skip=YES&_HLS_skip=YES": false} {
		require.Equal(t, skip, readDirectives(query).skip, query)
	}
}

// Whatever a stream does, a request is answered by the first playlist that has what it asks for, and by every one after
// that.
func TestDirectivesNeverWaitForWhatIsThere(t *testing.T) {
	for lengths := range 4 {
		c := fragmentSource{length: 500 * time.Millisecond, keys: 2 + lengths}
		w, dir := newTestWriter(t, Options{LowLatency: true})
		type position struct{ segment, part int }
		there := map[position]bool{}
		for range 80 {
			c.run(t, w, 1)
			l, err := readList(dir + "/" + FullPlaylist)
			if err != nil {
				continue
			}
			for part := range l.open {
				there[position{l.lastSegment() + 1, part}] = true
			}
			for segment := range l.lastSegment() + 2 {
				for part := range 9 {
					asked := readDirectives(fmt.Sprintf("_HLS_msn=%d&_HLS_part=%d", segment, part))
					yes, f := asked.satisfiedBy(l)
					switch {
					case there[position{segment, part}], segment < l.lastSegment():
						require.True(t, yes, "%+v", asked)
					case segment == l.lastSegment()+1 && part >= len(l.open)+6:
						require.NotNil(t, f)
					case segment == l.lastSegment()+1:
						require.False(t, yes, "%+v", asked)
						require.Nil(t, f)
					}
				}
			}
		}
	}
}

func FuzzDirectives(f *testing.F) {
	for _, query := range []string{"_HLS_msn=20&_HLS_part=2", "_HLS_msn=1&_HLS_skip=YES", "_HLS_part=1", "_HLS_msn=%zz",
		"_HLS_msn=18446744073709551616", "x=_HLS_"} {
		f.Add(query)
	}
	l := at(2)
	f.Fuzz(func(t *testing.T, query string) {
		asked := readDirectives(query)
		yes, refused := asked.satisfiedBy(l)
		require.False(t, yes && refused != nil)
		if !asked.any {
			require.True(t, yes)
			return
		}
		require.True(t, asked.segment >= -1 && asked.segment <= maxNumber && asked.part >= -1 && asked.part <= maxNumber)
		values, err := url.ParseQuery(query)
		if err != nil {
			require.NotNil(t, refused)
			return
		}
		// what is understood is what was meant
		given := values[askSegment]
		if refused == nil && len(given) == 1 {
			n, err := strconv.ParseUint(given[0], 10, 64)
			require.NoError(t, err)
			require.LessOrEqual(t, n, uint64(l.lastSegment()+2))
			require.EqualValues(t, n, asked.segment)
		}
		if refused == nil && asked.part >= 0 {
			require.GreaterOrEqual(t, asked.segment, 0)
		}
		again := readDirectives(query)
		require.Equal(t, asked.segment, again.segment)
	})
}
