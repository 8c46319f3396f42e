// Package sandbox bounds what child processes may do and take: the workers of egress jobs, and the ffmpeg of each, which
// decodes what strangers sent.
package sandbox

import "time"

// Limits of a child. They are upper bounds that a child cannot raise again.
type Limits struct {
	Files     uint64        // open files
	Addresses uint64        // bytes of address space; 0: no limit
	CPU       time.Duration // processor time of all threads, rounded up to seconds; 0: no limit
}
