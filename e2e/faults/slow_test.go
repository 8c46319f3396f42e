package faults

import (
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/klatch/klatch/sdk"
)

// throttle lets the processes of the browser's pages, which encode, run for a part of the time, as on a device that is
// too slow or busy, until the returned function is called.
func throttle(p *tab, runs, stands time.Duration) (end func()) {
	p.Helper()
	info, err := chromedp.CallBrowser(p.ctx, systeminfo.GetProcessInfo, cdp.Empty{})
	require.NoError(p, err)
	var pids []int
	for _, process := range info.ProcessInfo {
		if process.Type == "renderer" {
			pids = append(pids, int(process.ID))
		}
	}
	require.NotEmpty(p, pids)
	quit, done := make(chan struct{}), make(chan struct{})
	signal := func(s unix.Signal) {
		for _, pid := range pids {
			_ = unix.Kill(pid, s) // it may have ended
		}
	}
	go func() {
		defer close(done)
		for {
			signal(unix.SIGSTOP)
			time.Sleep(stands) // what a slow device does not compute
			signal(unix.SIGCONT)
			select {
			case <-quit:
				return
			case <-time.After(runs):
			}
		}
	}()
	stopped := false
	end = func() {
		if !stopped {
			stopped = true
			close(quit)
			<-done
		}
	}
	p.Cleanup(end)
	return end
}

var slowScenarios = pageScenarios{
	"3106.CPU_LIMITED": func(p *tab) {
		p.navigate("/")
		p.joins("ann")
		bob := p.client(p.Server.URL, p.Account().Token(p), p.meeting, nil) // what nobody receives is not encoded
		require.NoError(p, bob.Join(p.Context()))
		p.publishes("enableWebcam", `VideoSDK.createCameraVideoTrack({ encoderConfig: "h1080p_w1920p" })`)
		require.Eventually(p, func() bool {
			ann := bob.Participant("ann")
			return ann != nil && ann.Stream(sdk.Video) != nil
		}, 10*time.Second, 10*time.Millisecond)
		p.waits()
		end := throttle(p, 4*time.Millisecond, 28*time.Millisecond)
		// The browser finds enough bandwidth for the largest size, and then in 15 s that it cannot encode it; the SDK waits
		// for 20 more.
		f := p.awaitLate()
		require.Equal(p, "video", f.Details["kind"])
		require.EqualValues(p, 1080, f.Details["sourceHeight"])
		require.Greater(p, f.Details["forMs"], 19_999.0)
		p.checkEvent(f)
		p.clears(f, func() {
			end()
			// The browser tries more only after 40 s; until then the fault lasts.
			p.run("meeting.disableWebcam().then(() => true)", nil)
		})
	},
}
