// Command bench measures the media path: Klatch and Debian's Janus under the same load, one after the other, in
// the same run, so that their ratio holds on any machine. `make bench` runs it as root on Linux and writes
// docs/benchmarks.md.
//
// It works in a network namespace of its own, because Janus does not offer loopback addresses: everything runs
// on one address of a veth pair, which the kernel routes over loopback. The server has CPU 0, the load CPU 1.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/klatch/klatch/internal/load"
)

const address = "10.99.0.1" // inside the namespace only

func main() {
	log.SetFlags(log.Ltime)
	rounds := flag.Int("rounds", 3, "how often each measurement is repeated; the median counts")
	duration := flag.Duration("duration", 15*time.Second, "length of one measurement")
	out := flag.String("out", "docs/benchmarks.md", "file for the tables; - prints them")
	only := flag.String("only", "", "klatch or janus: measure one of the two")
	viewers := flag.Int("viewers", 0, "measure that many WHEP players beside as many subscribers, and nothing else")
	inside := flag.Bool("inside", false, "(internal) already in the network namespace")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if !*inside {
		enter(ctx)
		return
	}
	b := &bench{dir: must(os.MkdirTemp("", "klatch-bench-")), duration: *duration}
	defer os.RemoveAll(b.dir)
	b.prepare(ctx)

	servers := []string{"klatch", "janus"}
	if *only != "" {
		servers = []string{*only}
	}
	if *viewers > 0 {
		b.compareViewers(ctx, *viewers)
		return
	}
	results := map[string]map[string][]load.Result{}
	for round := range *rounds {
		for _, s := range scenarios {
			for _, server := range servers {
				log.Printf("round %d of %d: %s, %s", round+1, *rounds, s.name, server)
				r := b.measure(ctx, server, s)
				log.Printf(
					"  %.2f us/packet, %d kB/peer, first RTP %.0f ms, lost %.2f %%",
					r.CPUPerPkt,
					r.MemoryPerPeer,
					r.FirstRTP.P50,
					r.LostPercent,
				)
				if results[s.name] == nil {
					results[s.name] = map[string][]load.Result{}
				}
				results[s.name][server] = append(results[s.name][server], r)
			}
		}
	}
	page := report(results, servers, *rounds, *duration)
	if *out == "-" {
		fmt.Print(page)
		return
	}
	if old, err := os.ReadFile(*out); err == nil { // what is measured by other means stays
		if _, other, found := strings.Cut(string(old), "\n## "); found {
			page += "\n## " + other
		}
	}
	check(os.WriteFile(*out, []byte(page), 0o644))
	log.Printf("wrote %s", *out)
}

type scenario struct {
	name string
	args []string
}

var scenarios = []scenario{
	{"1 publisher, 10 subscribers", []string{"--publishers", "1", "--subscribers", "10", "--join-every", "700ms"}},
	{"1 publisher, 60 subscribers", []string{"--publishers", "1", "--subscribers", "60", "--join-every", "50ms"}},
	{"meeting of 6", []string{"--publishers", "6", "--subscribers", "0", "--everybody"}},
}

// compareViewers measures what a WHEP player costs beside a subscriber of the signaling protocol.
func (b *bench) compareViewers(ctx context.Context, viewers int) {
	s := scenario{
		fmt.Sprintf("1 publisher, %d viewers", viewers),
		[]string{"--publishers", "1", "--subscribers", fmt.Sprint(viewers), "--join-every", "50ms"},
	}
	subscribers := b.measure(ctx, "klatch", s)
	players := b.measure(ctx, "whep", s)
	fmt.Printf("| %s | CPU us/packet | kB/peer | lost %% |\n| --- | --- | --- | --- |\n", s.name)
	for _, row := range []struct {
		name string
		r    load.Result
	}{{"subscribers", subscribers}, {"WHEP players", players}} {
		fmt.Printf("| %s | %.2f | %d | %.2f |\n", row.name, row.r.CPUPerPkt, row.r.MemoryPerPeer, row.r.LostPercent)
	}
	fmt.Printf("| ratio | %.2f | %.2f | |\n", players.CPUPerPkt/subscribers.CPUPerPkt,
		float64(players.MemoryPerPeer)/float64(subscribers.MemoryPerPeer))
}

// enter runs this program again in a new network namespace with one address.
func enter(ctx context.Context) {
	self := must(os.Executable())
	script := fmt.Sprintf(`set -e
ip link set lo up
ip link add bench0 type veth peer name bench1
ip addr add %s/24 dev bench0
ip link set bench0 up; ip link set bench1 up
exec "$0" -inside "$@"`, address)
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", script, self}, os.Args[1:]...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Run(); err != nil {
		log.Fatalf("bench: %v (it needs root, ip, taskset and Debian's janus)", err)
	}
}

type bench struct {
	dir      string
	duration time.Duration
	binary   string
}

func (b *bench) prepare(ctx context.Context) {
	b.binary = filepath.Join(b.dir, "klatch")
	run(ctx, "go", "build", "-trimpath", "-o", b.binary, "./cmd/klatch")
	janus := map[string]string{
		"janus.jcfg": fmt.Sprintf(`general: {
	configs_folder = %q
	plugins_folder = "/usr/lib/x86_64-linux-gnu/janus/plugins"
	transports_folder = "/usr/lib/x86_64-linux-gnu/janus/transports"
	debug_level = 2
}
nat: {
	ice_lite = true
	ice_enforce_list = %q
}
plugins: {
	disable = "libjanus_streaming.so,libjanus_audiobridge.so,libjanus_echotest.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_voicemail.so,libjanus_lua.so,libjanus_duktape.so"
}
transports: {
	disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so"
}
`, b.dir, address),
		"janus.transport.websockets.jcfg": fmt.Sprintf(
			"general: {\n\tjson = \"compact\"\n\tws = true\n\tws_port = 8188\n\tws_ip = %q\n}\n",
			address,
		),
		"janus.plugin.videoroom.jcfg": "general: {}\n",
	}
	for name, content := range janus {
		check(os.WriteFile(filepath.Join(b.dir, name), []byte(content), 0o644))
	}
}

// measure starts a fresh server, loads it once and stops it.
func (b *bench) measure(ctx context.Context, server string, s scenario) load.Result {
	var cmd *exec.Cmd
	var target, env []string
	switch server {
	case "klatch", "whep":
		cmd = exec.CommandContext(
			ctx,
			"taskset",
			"-c",
			"0",
			b.binary,
			"dev",
			"--json",
			"--port",
			"4000",
			"--data",
			filepath.Join(b.dir, "data"),
		)
		pipe := must(cmd.StdoutPipe())
		start(cmd)
		var ready struct{ URL, Token, MeetingID string }
		check(json.NewDecoder(pipe).Decode(&ready))
		time.Sleep(returned)
		target = []string{"--url", ready.URL, "--meeting", ready.MeetingID}
		env = []string{"KLATCH_TOKEN=" + ready.Token}
		if server == "whep" {
			target = append(target, "--whep")
		}
	case "janus":
		cmd = exec.CommandContext(ctx, "taskset", "-c", "0", "janus", "-C", filepath.Join(b.dir, "janus.jcfg"))
		start(cmd)
		target = []string{"--janus", "ws://" + address + ":8188"}
		waitForJanus(ctx)
	default:
		log.Fatalf("no server %q", server)
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}()

	args := []string{
		"-c",
		"1",
		b.binary,
		"load",
		"--json",
		"--server-pid",
		fmt.Sprint(cmd.Process.Pid),
		"--duration",
		b.duration.String(),
	}
	client := exec.CommandContext(ctx, "taskset", slices.Concat(args, target, s.args)...)
	client.Env = append(os.Environ(), env...)
	client.Stderr = os.Stderr
	raw, err := client.Output()
	if err != nil {
		log.Fatalf("load of %s: %v", server, err)
	}
	var r load.Result
	check(json.Unmarshal(raw, &r))
	return r
}

func start(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		log.Fatalf("%s: %v", strings.Join(cmd.Args, " "), err)
	}
}

// returned is how long after its start a server has returned the memory that only the start needs: two looks of
// cmd/klatch's trimmer, and some.
const returned = 12 * time.Second

func waitForJanus(ctx context.Context) {
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		if _, err := load.Janus(ctx, "ws://"+address+":8188"); err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	log.Fatal("janus does not answer")
}

func run(ctx context.Context, name string, args ...string) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = os.Stderr
	check(cmd.Run())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}
