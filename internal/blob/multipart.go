package blob

import (
	"context"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/klatch/klatch/internal/objectkey"
)

// partSize is the size of the parts in which a file is uploaded while it grows: the least that Amazon S3 takes. All but
// the last have this size, as some servers of that protocol want.
const partSize = 5 << 20

// parted is a Store that takes a file in parts. Nobody can read it before it is complete.
type parted interface {
	Store
	// BeginParts begins a file, and returns the id of the upload.
	BeginParts(ctx context.Context, key string) (upload string, err error)
	// PutPart keeps part n, from 1; one that is there is replaced.
	PutPart(ctx context.Context, key, upload string, n int, content io.Reader, size int64) (part, error)
	// Complete makes a file of the parts.
	Complete(ctx context.Context, key, upload string, parts []part) error
	// Abort removes the parts.
	Abort(ctx context.Context, key, upload string) error
	// Unfinished lists the uploads under a directory that are not complete.
	Unfinished(ctx context.Context, dir string) ([]unfinished, error)
	// Parts lists the parts of an upload, in their order.
	Parts(ctx context.Context, key, upload string) ([]part, error)
}

// part is one part of a file: its number, and what the storage calls its content.
type part struct {
	n        int
	tag      string
	modified time.Time
}

// unfinished is an upload that is not complete.
type unfinished struct{ key, upload string }

// What lists of uploads and parts take at most: S3's own limits.
const (
	maxUnfinished = 1000
	maxParts      = 10_000
)

// BeginParts implements parted.
func (s *S3) BeginParts(ctx context.Context, key string) (string, error) {
	if err := objectkey.Check(key); err != nil {
		return "", err
	}
	id, err := s.core().NewMultipartUpload(ctx, s.bucket, key, minio.PutObjectOptions{ContentType: ContentType(key)})
	return id, s.failed("put", err)
}

// PutPart implements parted.
func (s *S3) PutPart(
	ctx context.Context,
	key, upload string,
	n int,
	content io.Reader,
	size int64,
) (part, error) {
	made, err := s.core().PutObjectPart(ctx, s.bucket, key, upload, n, content, size, minio.PutObjectPartOptions{})
	if err != nil {
		return part{}, s.failed("put", err)
	}
	return part{n: n, tag: made.ETag}, s.checkStored("put", made.ETag)
}

// Complete implements parted.
func (s *S3) Complete(ctx context.Context, key, upload string, parts []part) error {
	all := make([]minio.CompletePart, len(parts))
	for i, p := range parts {
		all[i] = minio.CompletePart{PartNumber: p.n, ETag: p.tag}
	}
	made, err := s.core().CompleteMultipartUpload(ctx, s.bucket, key, upload, all,
		minio.PutObjectOptions{ContentType: ContentType(key)})
	if err != nil {
		return s.failed("put", err)
	}
	return s.checkStored("put", made.ETag)
}

// Abort implements parted.
func (s *S3) Abort(ctx context.Context, key, upload string) error {
	return s.failed("delete", s.core().AbortMultipartUpload(ctx, s.bucket, key, upload))
}

// Unfinished implements parted.
func (s *S3) Unfinished(ctx context.Context, dir string) ([]unfinished, error) {
	ctx, cancel := context.WithTimeout(ctx, maxListTime) // ends the client's goroutine
	defer cancel()
	var found []unfinished
	for u := range s.client.ListIncompleteUploads(ctx, s.bucket, dir+"/", true) {
		if u.Err != nil {
			return nil, s.failed("list", u.Err)
		}
		if objectkey.Check(u.Key) != nil || len(found) == maxUnfinished {
			return nil, &Error{Op: "list", Problem: "the answer has uploads that were not asked for"}
		}
		found = append(found, unfinished{u.Key, u.UploadID})
	}
	return found, nil
}

// Parts implements parted.
func (s *S3) Parts(ctx context.Context, key, upload string) ([]part, error) {
	var parts []part
	for marker := 0; ; {
		list, err := s.core().ListObjectParts(ctx, s.bucket, key, upload, marker, 0)
		if err != nil {
			return nil, s.failed("list", err)
		}
		for _, p := range list.ObjectParts {
			parts = append(parts, part{p.PartNumber, p.ETag, p.LastModified})
		}
		if !list.IsTruncated || len(parts) > maxParts {
			return parts, nil
		}
		marker = list.NextPartNumberMarker
	}
}

func (s *S3) core() minio.Core { return minio.Core{Client: s.client} }
