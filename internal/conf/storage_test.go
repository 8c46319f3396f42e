package conf

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/fault"
)

func TestBucketSettingsGoTogether(t *testing.T) {
	whole := map[string]string{
		"KLATCH_STORAGE_S3_ENDPOINT":   "https://s3.example.org/",
		"KLATCH_STORAGE_S3_BUCKET":     "recordings",
		"KLATCH_STORAGE_S3_ACCESS_KEY": "key",
		"KLATCH_STORAGE_S3_SECRET_KEY": "planted-secret",
	}
	environ := func(without, with string) (out []string) {
		for name, value := range whole {
			if name != without {
				out = append(out, name+"="+value)
			}
		}
		if with != "" {
			out = append(out, without+"="+with)
		}
		return out
	}
	c, err := Load("", environ("", ""))
	require.NoError(t, err)
	require.True(t, c.UsesS3())
	require.Equal(t, "https://s3.example.org", c.Storage.S3Endpoint)
	require.Equal(t, "planted-secret", c.Storage.S3SecretKey)
	for name := range whole {
		_, err := Load("", environ(name, ""))
		f, ok := errors.AsType[*fault.Error](err)
		require.True(t, ok, "without %s: %v", name, err)
		require.Equal(t, "NEEDS_SETTING", f.Reason)
		require.Equal(t, name, envName(f.Details["other"].(string)))
		require.NotContains(t, err.Error(), "planted-secret")
	}
	_, err = Load("", environ("KLATCH_STORAGE_S3_ENDPOINT", "ftp://s3.example.org"))
	require.ErrorContains(t, err, "storage.s3Endpoint")
	c, err = Load("", nil)
	require.NoError(t, err)
	require.False(t, c.UsesS3())
}
