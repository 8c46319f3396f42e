package sdk

// EgressConfig is the published config of recordings, livestreams and HLS. Fields left out take their defaults.
type EgressConfig struct {
	Layout      EgressLayout `json:"layout,omitzero"`
	Theme       Theme        `json:"theme,omitempty"`
	Mode        EgressMode   `json:"mode,omitempty"`
	Quality     Quality      `json:"quality,omitempty"`
	Orientation Orientation  `json:"orientation,omitempty"`
	Recording   *Switch      `json:"recording,omitempty"` // of a livestream or HLS: also write a file
	// FileFormat is the format of a recording. It is an extension of Klatch: the published config knows MP4 only.
	FileFormat FileFormat `json:"fileFormat,omitempty"`
	// Transcription is a key of the published config. The server transcribes nothing and refuses Enabled.
	Transcription *Switch `json:"transcription,omitempty"`
}

// EgressLayout is how participants are arranged in the picture.
type EgressLayout struct {
	Type     LayoutType     `json:"type,omitempty"`
	Priority LayoutPriority `json:"priority,omitempty"`
	GridSize int            `json:"gridSize,omitempty"` // participants in the picture, 1 to 25; 0: 25
}

// Switch turns a part of an EgressConfig on or off.
type Switch struct {
	Enabled bool `json:"enabled"`
}

// The types of the values of an EgressConfig.
type (
	LayoutType     string // arrangement of the picture
	LayoutPriority string // who takes the main place
	Theme          string // colors
	EgressMode     string // media that is carried
	Quality        string // size of the picture; of a received one by its rank: the largest that is sent is high
	Orientation    string // of the picture
	FileFormat     string // container of a recording
	OnFailure      string // what follows when a running job fails
)

// The values of an EgressConfig and of OnFailure. The first of each group is the default.
const (
	LayoutGrid      LayoutType = "GRID"
	LayoutSpotlight LayoutType = "SPOTLIGHT"
	LayoutSidebar   LayoutType = "SIDEBAR"

	PrioritySpeaker LayoutPriority = "SPEAKER"
	PriorityPin     LayoutPriority = "PIN"

	ThemeDefault Theme = "DEFAULT"
	ThemeDark    Theme = "DARK"
	ThemeLight   Theme = "LIGHT"

	EgressVideoAndAudio EgressMode = "video-and-audio"
	EgressAudioOnly     EgressMode = "audio"

	QualityMed  Quality = "med"  // 1280x720
	QualityLow  Quality = "low"  // 854x480
	QualityHigh Quality = "high" // 1920x1080

	OrientationLandscape Orientation = "landscape"
	OrientationPortrait  Orientation = "portrait"

	FileMP4  FileFormat = "mp4"  // H264 and AAC
	FileWebM FileFormat = "webm" // VP9 and Opus

	StopOnFailure    OnFailure = "stop"
	RestartOnFailure OnFailure = "restart" // starts a new job with the same config, a few times
)

// LivestreamOutput is an RTMP target. StreamKey is a secret.
type LivestreamOutput struct {
	URL       string `json:"url"`
	StreamKey string `json:"streamKey"`
}
