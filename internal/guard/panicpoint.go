//go:build !panicpoints

package guard

// PanicPoint does nothing. With the build tag panicpoints, which tests of the whole product use, it is where they make
// the work for something named panic: "the loop of a meeting" for the id of that meeting.
func PanicPoint(string, string) {}
