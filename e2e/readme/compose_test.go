package readme

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/klatch/klatch/internal/blob/s3test"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/store/pgtest"
	"github.com/klatch/klatch/internal/testserver"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main{M: m}.Run()) }

// composition is what compose files of the project use, and nothing else: a word that compose does not know fails.
type composition struct {
	XNode        any `yaml:"x-node"`
	XEnvironment any `yaml:"x-environment"`
	Services     map[string]struct {
		Build struct {
			Context, Dockerfile string
		}
		Image, Restart  string
		Command         []string
		StopGracePeriod string `yaml:"stop_grace_period"`
		Environment     map[string]string
		Ports, Volumes  []string
		Configs         any
		CapDrop         []string `yaml:"cap_drop"`
		SecurityOpt     []string `yaml:"security_opt"`
		DependsOn       map[string]struct {
			Condition string
		} `yaml:"depends_on"`
		Healthcheck struct {
			Test     []string
			Interval string
			Retries  int
		}
	}
	Configs any
	Volumes map[string]any
}

// TestCompose holds the compose files: their words, what they refer to and the settings of Klatch; and it runs what
// examples/compose does without containers: Klatch with its settings, a Postgres and an S3 server.
func TestCompose(t *testing.T) {
	variable := regexp.MustCompile(`\$\{(\w+)(?::\?[^}]*)?\}`)
	values := map[string]string{
		"DOMAIN": "meet.example.com", "PUBLIC_IP": "203.0.113.7", "ADMIN_TOKEN": strings.Repeat("a", 32),
		"SECRET_KEY": strings.Repeat("0", 64), "POSTGRES_PASSWORD": "p", "S3_SECRET_KEY": "s",
		"CLUSTER_SECRET": strings.Repeat("c", 32),
	}
	_, err := conf.Load("", []string{"KLATCH_NO_SUCH_SETTING=1"})
	require.Error(t, err)
	for _, file := range []string{
		examples + "compose/compose.yaml", "../../deploy/compose.yaml", "../../deploy/cluster/compose.yaml",
	} {
		t.Run(file, func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var made composition
			require.NoError(t, yaml.UnmarshalWithOptions(text, &made, yaml.Strict()))
			replaced := func(value string) string {
				return variable.ReplaceAllStringFunc(value, func(name string) string {
					value, known := values[variable.FindStringSubmatch(name)[1]]
					require.True(t, known, name)
					return value
				})
			}
			settings := 0
			for name, service := range made.Services {
				if service.Build.Dockerfile != "" {
					require.FileExists(t, filepath.Join(filepath.Dir(file), service.Build.Context, service.Build.Dockerfile))
				}
				for other := range service.DependsOn {
					require.Contains(t, slices.Collect(maps.Keys(made.Services)), other, name)
				}
				for _, volume := range service.Volumes {
					source, _, _ := strings.Cut(volume, ":")
					require.Contains(t, slices.Collect(maps.Keys(made.Volumes)), source, name)
				}
				var environ []string
				for key, value := range service.Environment {
					if strings.HasPrefix(key, "KLATCH_") {
						environ = append(environ, key+"="+replaced(value))
					}
				}
				if len(environ) == 0 {
					continue
				}
				settings++
				loaded, err := conf.Load("", environ) // it refuses variables that are no settings
				require.NoError(t, err, name)
				if strings.HasPrefix(file, examples) {
					runWithoutContainers(t, loaded)
				}
			}
			require.Positive(t, settings)
		})
	}
}

// runWithoutContainers starts Klatch with what is loaded of Postgres and S3, at addresses of this machine, and joins.
func runWithoutContainers(t *testing.T, loaded *conf.Config) {
	t.Helper()
	require.Contains(t, loaded.Database.URL, "@postgres/klatch")
	database, err := pgtest.Start()
	require.NoError(t, err)
	bucket := s3test.Start(t)
	h := testserver.Start(t, func(c *conf.Config) {
		c.Database, c.Storage, c.Data.SecretKey = loaded.Database, loaded.Storage, loaded.Data.SecretKey
		c.Database.URL = database.NewDatabase(t)
		c.Storage.S3Endpoint, c.Storage.S3Bucket = bucket.Endpoint, bucket.Name
		c.Storage.S3AccessKey, c.Storage.S3SecretKey = bucket.AccessKey, bucket.SecretKey
	})
	account := h.Account(t, nil)
	join(t, h, account.Token(t), account.Meeting(t, nil))
	require.Empty(t, h.Ready(t, "database"))
}
