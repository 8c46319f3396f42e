package conf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

// loadsAsNode requires that a node starts with these variables, of which all are settings.
func loadsAsNode(t *testing.T, file string, variables map[string]string) *Config {
	t.Helper()
	var environ []string
	for name, value := range variables {
		environ = append(environ, name+"="+value)
	}
	c, err := Load("", environ) // which knows no other variables than those of settings
	require.NoError(t, err, file)
	require.NotEmpty(t, c.Cluster.Address)
	require.NotEmpty(t, c.Cluster.Advertise)
	require.Empty(t, c.ServiceLinks)
	return c
}

// The compose file of a cluster is what Docker reads, and its variables are settings that hold together.
func TestClusterOfCompose(t *testing.T) {
	const file = "../../deploy/cluster/compose.yaml"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	given := map[string]string{
		"DOMAIN": "meet.example.com", "PUBLIC_IP": "203.0.113.7", "CLUSTER_SECRET": strings.Repeat("ab", 32),
		"SECRET_KEY": strings.Repeat("cd", 32), "ADMIN_TOKEN": strings.Repeat("ef", 32), "POSTGRES_PASSWORD": "p",
		"S3_SECRET_KEY": "s",
	}
	used := map[string]bool{}
	text = regexp.MustCompile(`\$\{(\w+)(:\?[^}]*)?\}`).ReplaceAllFunc(text, func(m []byte) []byte {
		name := string(regexp.MustCompile(`\w+`).Find(m))
		require.Contains(t, given, name, "the head of the file lists the variables")
		used[name] = true
		return []byte(given[name])
	})
	require.Len(t, used, len(given))
	for name := range given {
		require.Contains(t, string(text), "#   "+name+"=")
	}
	var compose struct {
		Services map[string]struct {
			Environment map[string]string
			Image       string
			Ports       []string
			Volumes     []string
		}
		Volumes map[string]any
		Configs map[string]struct{ Content string }
	}
	require.NoError(t, yaml.Unmarshal(text, &compose))
	names, ports := map[string]bool{}, map[string]bool{}
	for name, service := range compose.Services {
		require.NotEmpty(t, service.Image, name)
		for _, v := range service.Volumes {
			volume, _, _ := strings.Cut(v, ":")
			if !strings.HasPrefix(volume, "./") {
				require.Contains(t, compose.Volumes, volume)
			}
		}
		for _, p := range service.Ports {
			require.False(t, ports[p], "two services have port %s", p)
			ports[p] = true
		}
		if !strings.HasPrefix(name, "klatch") {
			continue
		}
		c := loadsAsNode(t, file, service.Environment)
		require.Equal(t, name, c.Cluster.Node)
		require.Equal(t, name+c.Cluster.Address, c.Cluster.Advertise)
		require.Contains(t, compose.Configs["caddyfile"].Content, name+c.HTTP.Address)
		media := strings.TrimPrefix(c.Media.Address, ":")
		require.Equal(t, []string{media + ":" + media + "/tcp", media + ":" + media + "/udp"}, service.Ports)
		names[name] = true
	}
	require.Len(t, names, 3)
}

// The Kubernetes manifests are YAML whose parts fit each other, and their variables are settings that hold together.
func TestClusterOfKubernetes(t *testing.T) {
	const file = "../../deploy/cluster/kubernetes.yaml"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	type resource struct {
		Kind       string
		Metadata   struct{ Name string }
		StringData map[string]string `yaml:"stringData"`
		Spec       struct {
			SessionAffinity string `yaml:"sessionAffinity"`
			Ports           []struct {
				Port       int
				TargetPort string `yaml:"targetPort"`
			}
			Replicas            int
			ServiceName         string `yaml:"serviceName"`
			PodManagementPolicy string `yaml:"podManagementPolicy"`
			Template            struct {
				Spec struct {
					TerminationGracePeriodSeconds int  `yaml:"terminationGracePeriodSeconds"`
					EnableServiceLinks            bool `yaml:"enableServiceLinks"`
					Containers                    []struct {
						Env   []struct{ Name, Value string }
						Ports []struct {
							Name          string
							ContainerPort int `yaml:"containerPort"`
							HostPort      int `yaml:"hostPort"`
						}
						LivenessProbe  probe `yaml:"livenessProbe"`
						ReadinessProbe probe `yaml:"readinessProbe"`
					}
				}
			}
		}
	}
	found := map[string]resource{}
	for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var r resource
		err := decoder.Decode(&r)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		found[r.Kind+" "+r.Metadata.Name] = r
	}
	require.Len(t, found, 5)
	secret, set := found["Secret klatch"], found["StatefulSet klatch"]
	require.Equal(t, "None", found["Service klatch"].Spec.SessionAffinity, "any node serves any client")
	require.Contains(t, found, "Service "+set.Spec.ServiceName)
	require.Equal(t, "Parallel", set.Spec.PodManagementPolicy)
	pod := set.Spec.Template.Spec
	require.GreaterOrEqual(t, pod.TerminationGracePeriodSeconds, 30, "a server stops within 20 s")
	require.False(t, pod.EnableServiceLinks)
	container := pod.Containers[0]
	require.Equal(t, "/healthz", container.LivenessProbe.HTTPGet.Path)
	require.Equal(t, "/readyz", container.ReadinessProbe.HTTPGet.Path)
	ports := map[string]int{}
	for _, p := range container.Ports {
		ports[p.Name] = p.ContainerPort
		if strings.HasPrefix(p.Name, "media") {
			require.Equal(t, p.ContainerPort, p.HostPort, "the port that clients are told is that of the machine")
		}
	}

	for i := range set.Spec.Replicas {
		name := fmt.Sprintf("%s-%d", set.Metadata.Name, i)
		variables := map[string]string{}
		for key, value := range secret.StringData {
			variables[key] = strings.ReplaceAll(value, "CHANGE-ME-openssl-rand-hex-32", strings.Repeat("ab", 32))
		}
		for _, e := range container.Env {
			if value := strings.NewReplacer("$(HOST_IP)", "203.0.113.7", "$(POD_NAME)", name).Replace(e.Value); value != "" {
				require.NotContains(t, value, "$(")
				variables[e.Name] = value
			}
		}
		c := loadsAsNode(t, file, variables)
		require.Equal(t, fmt.Sprintf(":%d", ports["http"]), c.HTTP.Address)
		require.Equal(t, fmt.Sprintf(":%d", ports["media-udp"]), c.Media.Address)
		require.Equal(t, fmt.Sprintf(":%d", ports["link"]), c.Cluster.Address)
		require.Equal(t, fmt.Sprintf(":%d", ports["nats"]), c.Cluster.NATSAddress)
		require.Equal(t, fmt.Sprintf("%s.%s:%d", name, set.Spec.ServiceName, ports["link"]), c.Cluster.Advertise)
		require.Len(t, c.Cluster.Routes, set.Spec.Replicas)
		require.Contains(t, c.Cluster.Routes, fmt.Sprintf("%s.%s:%d", name, set.Spec.ServiceName, ports["nats"]))
	}
}

type probe struct {
	HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
}
