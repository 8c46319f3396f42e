import {
  type ComponentType,
  type CSSProperties,
  forwardRef,
  type JSX,
  type Ref,
  type RefObject,
  useEffect,
  useInsertionEffect,
  useRef,
} from "react";
import { useSession } from "./context.js";
import { useParticipant } from "./participant.js";
import { show, type Viewer } from "./viewers.js";

export interface VideoPlayerProps {
  participantId: string;
  /** Camera (default) or shared screen. */
  type?: "video" | "share" | undefined;
  containerStyle?: CSSProperties | undefined;
  className?: string | undefined;
  classNameVideo?: string | undefined;
  videoStyle?: CSSProperties | undefined;
  videoRef?: Ref<HTMLVideoElement> | undefined;
}

const mirrored: CSSProperties = { transform: "scaleX(-1)" };

/** The picture of a participant in a container, which `ref` gets. One's own camera is mirrored. */
const Picture = forwardRef<HTMLDivElement, VideoPlayerProps>(function Picture(props, ref) {
  const { participantId, type = "video", containerStyle, className = "", classNameVideo, videoStyle, videoRef } = props;
  const { webcamStream, webcamOn, screenShareStream, screenShareOn, isLocal } = useParticipant(participantId);
  const element = useRef<HTMLVideoElement>(null);
  const on = type === "share" ? screenShareOn : webcamOn;
  usePlayed(element, on ? trackOf(type === "share" ? screenShareStream : webcamStream) : undefined);
  const attach = useRef(videoRef);
  useInsertionEffect(() => {
    attach.current = videoRef;
  });
  useEffect(() => {
    const to = attach.current;
    return give(to, element.current);
  }, [videoRef]);
  return (
    <div
      ref={ref}
      className={`video-container participant-video-${participantId} ${className}`.trim()}
      style={{ height: "100%", ...containerStyle }}
    >
      <video
        ref={element}
        width="100%"
        height="100%"
        autoPlay
        playsInline
        muted
        className={classNameVideo}
        style={{ ...(isLocal && type !== "share" ? mirrored : {}), ...videoStyle }}
      />
    </div>
  );
});

/** Hands an element to a ref of either kind, and takes it back. */
function give(ref: Ref<HTMLVideoElement> | undefined, element: HTMLVideoElement | null): (() => void) | undefined {
  if (typeof ref === "function") {
    const undo: unknown = ref(element);
    return typeof undo === "function" ? (undo as () => void) : () => void ref(null);
  }
  if (ref === null || ref === undefined) return undefined;
  const object = ref as { current: HTMLVideoElement | null };
  object.current = element;
  return () => {
    object.current = null;
  };
}

const trackOf = (stream: { readonly track: MediaStreamTrack } | null): MediaStreamTrack | undefined => stream?.track;

/** Plays a track in an element, and nothing while there is none. */
function usePlayed(element: RefObject<HTMLMediaElement | null>, track: MediaStreamTrack | undefined): void {
  useEffect(() => {
    const player = element.current;
    if (player === null) return;
    player.srcObject = track === undefined ? null : new MediaStream([track]);
    if (track === undefined) return;
    // A browser that does not play by itself yet does so after the first click on the page; autoplay is set.
    player.play().catch(() => undefined);
    return () => {
      player.srcObject = null;
    };
  }, [element, track]);
}

export interface AdaptiveOptions {
  root?: Element | null;
  rootMargin?: string;
  threshold?: number | number[];
}

/** How long a change of size or sight must last until it counts, in ms. */
const SETTLED_MS = 400;

/**
 * Returns the player with a camera received in the size that the element shows, and not at all while it is out of
 * sight. The player must hand its `ref` to the element that counts.
 */
export function withAdaptiveObservers(
  VideoPlayerComponent: ComponentType<any>,
  intersectionObserverOptions: AdaptiveOptions = {},
  debounceDelay: number = SETTLED_MS,
): ComponentType<any> {
  const Player = VideoPlayerComponent as ComponentType<Record<string, unknown>>;
  return function AdaptivePlayer(props: Record<string, unknown>) {
    const { participantId, type } = props as { participantId: string; type?: string };
    const session = useSession();
    const container = useRef<Element>(null);
    useEffect(() => {
      const { current } = container;
      if (type === "share" || !(current instanceof Element)) return;
      const viewer: Viewer = { visible: true, width: 0, height: 0 };
      const close = show(session, participantId, viewer);
      let settling: ReturnType<typeof setTimeout> | undefined;
      const changed = (change: Partial<Viewer>): void => {
        Object.assign(viewer, change);
        clearTimeout(settling);
        settling = setTimeout(close.changed, debounceDelay);
      };
      const sight = new IntersectionObserver((entries) => {
        const last = entries.at(-1);
        if (last !== undefined) changed({ visible: last.isIntersecting });
      }, intersectionObserverOptions);
      const size = new ResizeObserver((entries) => {
        const last = entries.at(-1)?.contentRect;
        if (last !== undefined) changed({ width: last.width, height: last.height });
      });
      sight.observe(current);
      size.observe(current);
      return () => {
        clearTimeout(settling);
        sight.disconnect();
        size.disconnect();
        close();
      };
    }, [session, participantId, type]);
    return <Player ref={container} {...props} />;
  };
}

const AdaptivePicture = withAdaptiveObservers(Picture);

/** The camera or shared screen of a participant. A camera is received in the size of the element that shows it. */
export function VideoPlayer(props: VideoPlayerProps): JSX.Element {
  return props.type === "share" ? <Picture {...props} /> : <AdaptivePicture {...props} />;
}

export interface AudioPlayerProps {
  participantId: string;
  /** Microphone (default), or the sound of the shared screen. */
  type?: "audio" | "shareAudio" | undefined;
}

/** Plays a participant. One's own sound is muted. */
export function AudioPlayer({ participantId, type = "audio" }: AudioPlayerProps): JSX.Element {
  const { micStream, micOn, screenShareAudioStream, screenShareAudioOn, isLocal } = useParticipant(participantId);
  const element = useRef<HTMLAudioElement>(null);
  const on = type === "shareAudio" ? screenShareAudioOn : micOn;
  usePlayed(element, on ? trackOf(type === "shareAudio" ? screenShareAudioStream : micStream) : undefined);
  return <audio ref={element} autoPlay playsInline muted={isLocal} />;
}
