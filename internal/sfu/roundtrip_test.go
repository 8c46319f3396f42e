package sfu

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/stretchr/testify/require"
)

// The answer names the receiver and the middle of its NTP time, once for each report and not too often.
func TestReferences(t *testing.T) {
	var r references
	now := time.Now()
	report := func(ntp uint64) *rtcp.ExtendedReport {
		return &rtcp.ExtendedReport{SenderSSRC: 7, Reports: []rtcp.ReportBlock{
			&rtcp.UnknownReportBlock{}, &rtcp.ReceiverReferenceTimeReportBlock{NTPTimestamp: ntp},
		}}
	}
	answer := r.answer(report(0x1111_2222_3333_4444), 42, now)
	b, err := rtcp.Marshal([]rtcp.Packet{answer})
	require.NoError(t, err)
	packets, err := rtcp.Unmarshal(b)
	require.NoError(t, err)
	x := packets[0].(*rtcp.ExtendedReport)
	require.Equal(t, uint32(42), x.SenderSSRC)
	require.Equal(t, []rtcp.DLRRReport{{SSRC: 7, LastRR: 0x2222_3333}}, x.Reports[0].(*rtcp.DLRRReportBlock).Reports)

	require.Nil(t, r.answer(report(0x1111_2222_3333_4444), 43, now.Add(time.Minute)), "the same, of another stream")
	require.NotNil(t, r.answer(report(1), 42, now.Add(referenceEvery)))
	require.Nil(t, r.answer(report(2), 42, now.Add(referenceEvery+time.Millisecond)), "a flood")
	require.Nil(t, r.answer(&rtcp.ExtendedReport{}, 42, now.Add(time.Minute)))
}
