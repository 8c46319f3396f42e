package blob

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"

	"github.com/klatch/klatch/internal/objectkey"
)

// S3Options name a bucket of Amazon S3, or of another server that speaks its protocol.
type S3Options struct {
	Endpoint  string // https://s3.eu-central-1.amazonaws.com
	Region    string
	Bucket    string
	AccessKey string
	SecretKey string
}

// S3 is a Store in a bucket, which exists.
type S3 struct {
	client *minio.Client
	bucket string
	region string
}

// maxPresigned is S3's own limit on the life of a link (Signature Version 4).
const maxPresigned = 7 * 24 * time.Hour

// What List takes at most: ten days of HLS are 432,000 segments.
const (
	maxListed   = 500_000
	maxListTime = 10 * time.Minute
)

// NewS3 returns a client; it sends no request yet.
func NewS3(o S3Options) (*S3, error) {
	endpoint, err := url.Parse(o.Endpoint)
	if err != nil || endpoint.Host == "" || strings.Trim(endpoint.Path, "/") != "" ||
		endpoint.Scheme != "http" && endpoint.Scheme != "https" {
		return nil, fmt.Errorf("storage.s3.endpoint: an http or https address of a host, without a path")
	}
	if err := s3utils.CheckValidBucketName(o.Bucket); err != nil {
		return nil, fmt.Errorf("storage.s3Bucket: no storage has a bucket of this name: %w", err)
	}
	secure := endpoint.Scheme == "https"
	transport, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, fmt.Errorf("storage.s3: %w", err)
	}
	region := cmp.Or(o.Region, "us-east-1") // else each start asks for it
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:     credentials.NewStaticV4(o.AccessKey, o.SecretKey, ""),
		Secure:    secure,
		Transport: closeSafeTransport{transport},
		Region:    region,
		// Our own retries know what is worth one, and how long.
		MaxRetries: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("storage.s3: %w", err)
	}
	return &S3{client: client, bucket: o.Bucket, region: region}, nil
}

// Put implements Store.
func (s *S3) Put(ctx context.Context, key, file string) error {
	if err := objectkey.Check(key); err != nil {
		return err
	}
	stored, err := s.client.FPutObject(ctx, s.bucket, key, file, minio.PutObjectOptions{ContentType: ContentType(key)})
	if err != nil {
		return s.failed("put", err)
	}
	return s.checkStored("put", stored.ETag)
}

// checkStored returns an error for an answer that says yes and names no object: every S3 server names it by its ETag.
// The console of a storage, or a web server, answers any request with 200 and a page; what was sent there is not kept.
func (s *S3) checkStored(op, etag string) error {
	if etag != "" {
		return nil
	}
	return &Error{
		Op: op, Place: s.place(), Permanent: true,
		Problem: "the answer has no ETag, so what answers at the endpoint is not the API of an S3 server",
	}
}

func (s *S3) place() string {
	return "the bucket " + s.bucket + " at " + s.client.EndpointURL().String()
}

// Open implements Store.
func (s *S3) Open(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if err := objectkey.Check(key); err != nil {
		return nil, err
	}
	var o minio.GetObjectOptions
	var err error
	switch {
	case length == 0:
		if _, err := s.Stat(ctx, key); err != nil {
			return nil, err
		}
		return http.NoBody, nil
	case length > 0:
		err = o.SetRange(offset, offset+length-1)
	case offset > 0:
		err = o.SetRange(offset, 0)
	}
	if err != nil {
		return nil, s.failed("open", err)
	}
	core := minio.Core{Client: s.client} // one request, where Client.GetObject reads ahead in a goroutine
	body, _, _, err := core.GetObject(ctx, s.bucket, key, o)
	if err != nil {
		if minio.ToErrorResponse(err).Code == "InvalidRange" { // at or past the end: nothing is there, as in a file
			return http.NoBody, nil
		}
		return nil, s.failed("open", err)
	}
	return body, nil
}

// Stat implements Store.
func (s *S3) Stat(ctx context.Context, key string) (Info, error) {
	if err := objectkey.Check(key); err != nil {
		return Info{}, err
	}
	info, err := s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s.failed("stat", err)
	}
	if info.Size < 0 { // no length came: a proxy in between, or no S3 server
		return Info{}, &Error{Op: "stat", Problem: "the answer has no Content-Length"}
	}
	return Info{Key: key, Size: info.Size, Modified: info.LastModified}, nil
}

// List implements Store.
func (s *S3) List(ctx context.Context, dir string) ([]Info, error) {
	if err := objectkey.Check(dir); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, maxListTime) // a server may say for ever that there is more
	defer cancel()                                       // ends the client's goroutine
	var found []Info
	for object := range s.client.ListObjects(
		ctx, s.bucket, minio.ListObjectsOptions{Prefix: dir + "/", Recursive: true},
	) {
		if object.Err != nil {
			return nil, s.failed("list", object.Err)
		}
		if object.Size < 0 || !strings.HasPrefix(object.Key, dir+"/") || objectkey.Check(object.Key) != nil {
			return nil, &Error{Op: "list", Problem: "the answer has an object that was not asked for"}
		}
		if len(found) == maxListed {
			return nil, &Error{Op: "list", Problem: fmt.Sprintf("the answer has more than %d objects", maxListed)}
		}
		found = append(found, Info{Key: object.Key, Size: object.Size, Modified: object.LastModified})
	}
	return found, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := objectkey.Check(key); err != nil {
		return err
	}
	err := s.failed("delete", s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{}))
	if errors.Is(err, ErrNotExist) {
		return nil
	}
	return err
}

// SignedURL implements Store. The bucket answers the link itself.
func (s *S3) SignedURL(ctx context.Context, key string, expires time.Time) (string, error) {
	if err := objectkey.Check(key); err != nil {
		return "", err
	}
	query := url.Values{
		"response-content-disposition": {Disposition(path.Base(key))},
		"response-content-type":        {ContentType(key)},
	}
	life := min(max(time.Until(expires), time.Second), maxPresigned)
	link, err := s.client.PresignedGetObject(ctx, s.bucket, key, life, query)
	if err != nil {
		return "", s.failed("sign", err)
	}
	return link.String(), nil
}

// failed distinguishes what the bucket refuses, which somebody must change, from what may pass.
func (s *S3) failed(op string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	answer := minio.ToErrorResponse(err)
	switch {
	case op == "put" && errors.Is(err, fs.ErrNotExist): // the local file
		return fmt.Errorf("%s: %w", op, ErrNotExist)
	case op != "put" && answer.Code == "NoSuchKey",
		op != "put" && answer.StatusCode == http.StatusNotFound && answer.Code != "NoSuchBucket":
		return fmt.Errorf("%s: %w", op, ErrNotExist)
	}
	problem := innermost(err) // without an answer of the server: the network's own words, or those of a local file
	if answer.StatusCode != 0 {
		problem = s.answerProblem(op, answer)
	}
	passing := []int{http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests}
	permanent := answer.StatusCode/100 == 4 && !slices.Contains(passing, answer.StatusCode) &&
		answer.Code != "RequestTimeout" || answer.StatusCode/100 == 3
	return &Error{Op: op, Problem: problem, Place: s.place(), Permanent: permanent, err: err}
}

// answerProblem describes an answer that is an error. The text of the server is left out: it may repeat a key.
func (s *S3) answerProblem(op string, answer minio.ErrorResponse) string {
	code := strings.TrimSpace(strings.TrimPrefix(answer.Code, strconv.Itoa(answer.StatusCode)))
	if op == "put" && code == "NoSuchKey" { // which the client makes of any 404
		code = http.StatusText(answer.StatusCode)
	}
	problem := strings.TrimSpace(fmt.Sprintf("HTTP %d %.60s", answer.StatusCode, code))
	switch {
	case answer.Region != "" && answer.Region != s.region:
		return problem + fmt.Sprintf("; the bucket is in the region %.40s", answer.Region)
	case answer.Code == "RequestTimeTooSkewed":
		return problem + "; the clock of this machine and that of the storage differ too much"
	case answer.StatusCode/100 == 3:
		return problem + "; a redirect, which is not followed: the endpoint is to be the address of the S3 API itself"
	}
	return problem
}

// innermost is the error under the URL, which names bucket and key only but may be long.
func innermost(err error) string {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return fmt.Sprintf("%.200s", err.Error())
}
