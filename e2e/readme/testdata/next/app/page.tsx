import { Suspense } from "react";
import { VideoSDK, VideoSDKErrors } from "@klatch/sdk";
import { VideoSDKMeeting } from "@klatch/prebuilt";
import { VideoSDK as Published } from "@klatch/videosdk-js";
import { Call } from "./call";

type Query = Promise<Record<string, string | string[] | undefined>>;

// A component of the server: all packages can be imported here.
async function Page({ query }: { query: Query }) {
  const { server, meeting, token } = await query;
  return <Call serverUrl={String(server)} meetingId={String(meeting)} token={String(token)} />;
}

export default function Home({ searchParams }: { searchParams: Query }) {
  return (
    <main>
      <p id="server">
        {VideoSDKErrors[4002].name} {typeof VideoSDKMeeting} {String(Published === VideoSDK)} {typeof window}
      </p>
      <Suspense fallback={<p>Loading</p>}>
        <Page query={searchParams} />
      </Suspense>
    </main>
  );
}
