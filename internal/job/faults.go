package job

import (
	"time"

	"github.com/klatch/klatch/fault"
)

// Faults are the constructors of one kind: what refuses a start (4011, 4013, 4016, 4035, ...), what refuses a stop, and
// what ends a running job (5001 to 5006). A constructor that the kind cannot need is nil.
type Faults struct {
	// Of a start, until the job has started.
	EncoderMissing         func(path, missing string) *fault.Error
	EncoderUnusable        func(path, problem string) *fault.Error
	EncoderTooOld          func(path, version, needed string) *fault.Error
	EncoderUnresponsive    func(path string, waited time.Duration) *fault.Error
	StorageFull            func(freeBytes, neededBytes int64) *fault.Error
	StorageUnwritable      func(problem string) *fault.Error
	AlreadyRunning         func(startedBy, since, starter string) *fault.Error
	NoSession              func() *fault.Error
	WorkerNotStarted       func(problem string) *fault.Error
	WorkerFailed           func(problem string) *fault.Error
	StartSupervisionFailed func() *fault.Error
	StartWorkerDied        func(signal string, exit int, lastWords string) *fault.Error
	StartEncoderDied       func(signal string, exit int, lastWords string) *fault.Error
	StartTimeout           func(waited time.Duration) *fault.Error
	NoSuchParticipant      func(wanted string) *fault.Error
	PreviousProcessing     func(stoppedAt string) *fault.Error
	AccountLimit           func(limit, present int) *fault.Error

	NotRunning func(lastEnded string) *fault.Error // of a stop

	// Of a job that has started.
	EncoderDied       func(signal string, exit int, lastWords string) *fault.Error
	EncoderStalled    func(stalled time.Duration) *fault.Error
	WorkerDied        func(signal string, exit int, lastWords string) *fault.Error
	SupervisionFailed func() *fault.Error
	WorkerStalled     func(stalled time.Duration) *fault.Error
	MeetingLost       func(problem string) *fault.Error
	MediaLost         func(problem, participant, stream, seen, name string) *fault.Error // it goes on
	DiskFull          func(freeBytes int64, saved time.Duration) *fault.Error
	ServerRestarted   func(startedAt string) *fault.Error
	NodeLost          func(node, startedAt string) *fault.Error
	DurationLimit     func(limit time.Duration) *fault.Error
	// UploadFailed and FileLost are of a job that is over.
	UploadFailed func(problem string, files int, place, path string, retryIn time.Duration) *fault.Error
	FileLost     func(path string, files int) *fault.Error
}

// Faults returns the constructors of a kind.
func (k Kind) Faults() Faults {
	switch k {
	case Merge, CompositeMerge, RecordingMerge:
		k = Recording
	case HLSToMP4:
		k = HLS
	}
	return faults[k]
}

var faults = map[Kind]Faults{
	Recording: {
		EncoderUnusable:     fault.StartRecordingFailedEncoderUnusable,
		EncoderTooOld:       fault.StartRecordingFailedEncoderTooOld,
		EncoderMissing:      fault.StartRecordingFailedEncoderMissing,
		EncoderUnresponsive: fault.StartRecordingFailedEncoderUnresponsive,
		StorageFull:         fault.StartRecordingFailedStorageFull,
		StorageUnwritable:   fault.StartRecordingFailedStorageUnwritable,
		AlreadyRunning:      fault.StartRecordingFailedAlreadyRunning, NoSession: fault.StartRecordingFailedNoSession,
		StartWorkerDied:        fault.StartRecordingFailedWorkerDied,
		WorkerNotStarted:       fault.StartRecordingFailedWorkerNotStarted,
		WorkerFailed:           fault.StartRecordingFailedWorkerFailed,
		StartSupervisionFailed: fault.StartRecordingFailedSupervisionFailed,
		StartEncoderDied:       fault.StartRecordingFailedEncoderDied,
		StartTimeout:           fault.StartRecordingFailedStartTimeout,
		PreviousProcessing:     fault.PrevRecordingProcessingProcessing,
		AccountLimit:           fault.MaxRecordingLimitReachedOnOrganizationLimit,
		NotRunning:             fault.StopRecordingFailedNotRunning,
		EncoderDied:            fault.RecordingFailedEncoderDied, EncoderStalled: fault.RecordingFailedEncoderStalled,
		WorkerDied: fault.RecordingFailedWorkerDied, WorkerStalled: fault.RecordingFailedWorkerStalled,
		SupervisionFailed: fault.RecordingFailedSupervisionFailed, MeetingLost: fault.RecordingFailedMeetingLost,
		MediaLost: fault.RecordingFailedMediaLost,
		DiskFull:  fault.RecordingFailedStorageFull, ServerRestarted: fault.RecordingFailedServerRestarted,
		NodeLost:      fault.RecordingFailedNodeLost,
		DurationLimit: fault.RecordingDurationLimitReachedLimit, UploadFailed: fault.RecordingFailedUploadFailed,
		FileLost: fault.RecordingFailedFileLost,
	},
	Livestream: {
		EncoderUnusable:     fault.StartLivestreamFailedEncoderUnusable,
		EncoderTooOld:       fault.StartLivestreamFailedEncoderTooOld,
		EncoderMissing:      fault.StartLivestreamFailedEncoderMissing,
		EncoderUnresponsive: fault.StartLivestreamFailedEncoderUnresponsive,
		StorageFull:         fault.StartLivestreamFailedStorageFull,
		StorageUnwritable:   fault.StartLivestreamFailedStorageUnwritable,
		AlreadyRunning:      fault.StartLivestreamFailedAlreadyRunning, NoSession: fault.StartLivestreamFailedNoSession,
		StartWorkerDied:        fault.StartLivestreamFailedWorkerDied,
		WorkerNotStarted:       fault.StartLivestreamFailedWorkerNotStarted,
		WorkerFailed:           fault.StartLivestreamFailedWorkerFailed,
		StartSupervisionFailed: fault.StartLivestreamFailedSupervisionFailed,
		StartEncoderDied:       fault.StartLivestreamFailedEncoderDied,
		StartTimeout:           fault.StartLivestreamFailedStartTimeout,
		PreviousProcessing:     fault.PrevRTMPRecordingProcessingProcessing,
		AccountLimit:           fault.MaxLivestreamLimitReachedOnOrganizationLimit,
		NotRunning:             fault.StopLivestreamFailedNotRunning,
		EncoderDied:            fault.LivestreamFailedEncoderDied, EncoderStalled: fault.LivestreamFailedEncoderStalled,
		WorkerDied: fault.LivestreamFailedWorkerDied, WorkerStalled: fault.LivestreamFailedWorkerStalled,
		SupervisionFailed: fault.LivestreamFailedSupervisionFailed, MeetingLost: fault.LivestreamFailedMeetingLost,
		MediaLost:       fault.LivestreamFailedMediaLost,
		ServerRestarted: fault.LivestreamFailedServerRestarted,
		NodeLost:        fault.LivestreamFailedNodeLost,
		DurationLimit:   fault.LivestreamDurationLimitReachedLimit, UploadFailed: fault.LivestreamFailedUploadFailed,
		FileLost: fault.LivestreamFailedFileLost,
	},
	HLS: {
		EncoderUnusable: fault.StartHLSFailedEncoderUnusable, EncoderTooOld: fault.StartHLSFailedEncoderTooOld,
		EncoderMissing:      fault.StartHLSFailedEncoderMissing,
		EncoderUnresponsive: fault.StartHLSFailedEncoderUnresponsive,
		StorageFull:         fault.StartHLSFailedStorageFull,
		StorageUnwritable:   fault.StartHLSFailedStorageUnwritable,
		AlreadyRunning:      fault.StartHLSFailedAlreadyRunning, NoSession: fault.StartHLSFailedNoSession,
		StartWorkerDied: fault.StartHLSFailedWorkerDied, WorkerNotStarted: fault.StartHLSFailedWorkerNotStarted,
		WorkerFailed: fault.StartHLSFailedWorkerFailed, StartSupervisionFailed: fault.StartHLSFailedSupervisionFailed,
		StartEncoderDied:   fault.StartHLSFailedEncoderDied,
		StartTimeout:       fault.StartHLSFailedStartTimeout,
		PreviousProcessing: fault.PrevHLSStreamingProcessingProcessing,
		AccountLimit:       fault.MaxHLSLimitReachedOnOrganizationLimit,
		NotRunning:         fault.StopHLSFailedNotRunning,
		EncoderDied:        fault.HLSFailedEncoderDied, EncoderStalled: fault.HLSFailedEncoderStalled,
		WorkerDied: fault.HLSFailedWorkerDied, WorkerStalled: fault.HLSFailedWorkerStalled,
		SupervisionFailed: fault.HLSFailedSupervisionFailed, MeetingLost: fault.HLSFailedMeetingLost,
		MediaLost: fault.HLSFailedMediaLost,
		DiskFull:  fault.HLSFailedStorageFull, ServerRestarted: fault.HLSFailedServerRestarted,
		NodeLost:      fault.HLSFailedNodeLost,
		DurationLimit: fault.HLSDurationLimitReachedLimit, UploadFailed: fault.HLSFailedUploadFailed,
		FileLost: fault.HLSFailedFileLost,
	},
	Participant: {
		EncoderUnusable:        fault.StartParticipantRecordingFailedEncoderUnusable,
		EncoderTooOld:          fault.StartParticipantRecordingFailedEncoderTooOld,
		EncoderMissing:         fault.StartParticipantRecordingFailedEncoderMissing,
		EncoderUnresponsive:    fault.StartParticipantRecordingFailedEncoderUnresponsive,
		StorageFull:            fault.StartParticipantRecordingFailedStorageFull,
		StorageUnwritable:      fault.StartParticipantRecordingFailedStorageUnwritable,
		AlreadyRunning:         fault.StartParticipantRecordingFailedAlreadyRunning,
		NoSession:              fault.StartParticipantRecordingFailedNoSession,
		StartWorkerDied:        fault.StartParticipantRecordingFailedWorkerDied,
		WorkerNotStarted:       fault.StartParticipantRecordingFailedWorkerNotStarted,
		WorkerFailed:           fault.StartParticipantRecordingFailedWorkerFailed,
		StartSupervisionFailed: fault.StartParticipantRecordingFailedSupervisionFailed,
		StartTimeout:           fault.StartParticipantRecordingFailedStartTimeout,
		NoSuchParticipant:      fault.StartParticipantRecordingFailedNoSuchParticipant,
		PreviousProcessing:     fault.PrevRecordingProcessingProcessing,
		AccountLimit:           fault.MaxRecordingLimitReachedOnOrganizationLimit,
		NotRunning:             fault.StopParticipantRecordingFailedNotRunning,
		EncoderDied:            fault.RecordingFailedEncoderDied, EncoderStalled: fault.RecordingFailedEncoderStalled,
		WorkerDied: fault.RecordingFailedWorkerDied, WorkerStalled: fault.RecordingFailedWorkerStalled,
		SupervisionFailed: fault.RecordingFailedSupervisionFailed, MeetingLost: fault.RecordingFailedMeetingLost,
		MediaLost: fault.RecordingFailedMediaLost,
		DiskFull:  fault.RecordingFailedStorageFull, ServerRestarted: fault.RecordingFailedServerRestarted,
		NodeLost:      fault.RecordingFailedNodeLost,
		DurationLimit: fault.RecordingDurationLimitReachedLimit, UploadFailed: fault.RecordingFailedUploadFailed,
		FileLost: fault.RecordingFailedFileLost,
	},
	Track: {
		EncoderUnusable:        fault.StartTrackRecordingFailedEncoderUnusable,
		EncoderTooOld:          fault.StartTrackRecordingFailedEncoderTooOld,
		EncoderMissing:         fault.StartTrackRecordingFailedEncoderMissing,
		EncoderUnresponsive:    fault.StartTrackRecordingFailedEncoderUnresponsive,
		StorageFull:            fault.StartTrackRecordingFailedStorageFull,
		StorageUnwritable:      fault.StartTrackRecordingFailedStorageUnwritable,
		AlreadyRunning:         fault.StartTrackRecordingFailedAlreadyRunning,
		NoSession:              fault.StartTrackRecordingFailedNoSession,
		StartWorkerDied:        fault.StartTrackRecordingFailedWorkerDied,
		WorkerNotStarted:       fault.StartTrackRecordingFailedWorkerNotStarted,
		WorkerFailed:           fault.StartTrackRecordingFailedWorkerFailed,
		StartSupervisionFailed: fault.StartTrackRecordingFailedSupervisionFailed,
		StartTimeout:           fault.StartTrackRecordingFailedStartTimeout,
		NoSuchParticipant:      fault.StartTrackRecordingFailedNoSuchParticipant,
		PreviousProcessing:     fault.PrevRecordingProcessingProcessing,
		AccountLimit:           fault.MaxRecordingLimitReachedOnOrganizationLimit,
		NotRunning:             fault.StopTrackRecordingFailedNotRunning,
		EncoderDied:            fault.RecordingFailedEncoderDied, EncoderStalled: fault.RecordingFailedEncoderStalled,
		WorkerDied: fault.RecordingFailedWorkerDied, WorkerStalled: fault.RecordingFailedWorkerStalled,
		SupervisionFailed: fault.RecordingFailedSupervisionFailed, MeetingLost: fault.RecordingFailedMeetingLost,
		MediaLost: fault.RecordingFailedMediaLost,
		DiskFull:  fault.RecordingFailedStorageFull, ServerRestarted: fault.RecordingFailedServerRestarted,
		NodeLost:      fault.RecordingFailedNodeLost,
		DurationLimit: fault.RecordingDurationLimitReachedLimit, UploadFailed: fault.RecordingFailedUploadFailed,
		FileLost: fault.RecordingFailedFileLost,
	},
	Composite: {
		EncoderUnusable:        fault.StartCompositeRecordingFailedEncoderUnusable,
		EncoderTooOld:          fault.StartCompositeRecordingFailedEncoderTooOld,
		EncoderMissing:         fault.StartCompositeRecordingFailedEncoderMissing,
		EncoderUnresponsive:    fault.StartCompositeRecordingFailedEncoderUnresponsive,
		StorageFull:            fault.StartCompositeRecordingFailedStorageFull,
		StorageUnwritable:      fault.StartCompositeRecordingFailedStorageUnwritable,
		NoSession:              fault.StartCompositeRecordingFailedNoSession,
		StartWorkerDied:        fault.StartCompositeRecordingFailedWorkerDied,
		WorkerNotStarted:       fault.StartCompositeRecordingFailedWorkerNotStarted,
		WorkerFailed:           fault.StartCompositeRecordingFailedWorkerFailed,
		StartSupervisionFailed: fault.StartCompositeRecordingFailedSupervisionFailed,
		StartEncoderDied:       fault.StartCompositeRecordingFailedEncoderDied,
		StartTimeout:           fault.StartCompositeRecordingFailedStartTimeout,
		NoSuchParticipant:      fault.StartCompositeRecordingFailedNoSuchParticipant,
		PreviousProcessing:     fault.PrevRecordingProcessingProcessing,
		AccountLimit:           fault.MaxRecordingLimitReachedOnOrganizationLimit,
		NotRunning:             fault.StopComppositeRecordingFailedNotRunning,
		EncoderDied:            fault.RecordingFailedEncoderDied, EncoderStalled: fault.RecordingFailedEncoderStalled,
		WorkerDied: fault.RecordingFailedWorkerDied, WorkerStalled: fault.RecordingFailedWorkerStalled,
		SupervisionFailed: fault.RecordingFailedSupervisionFailed, MeetingLost: fault.RecordingFailedMeetingLost,
		MediaLost: fault.RecordingFailedMediaLost,
		DiskFull:  fault.RecordingFailedStorageFull, ServerRestarted: fault.RecordingFailedServerRestarted,
		NodeLost:      fault.RecordingFailedNodeLost,
		DurationLimit: fault.RecordingDurationLimitReachedLimit, UploadFailed: fault.RecordingFailedUploadFailed,
		FileLost: fault.RecordingFailedFileLost,
	},
}
