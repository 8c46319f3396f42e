import { page } from "../vite.page";

export default page("watch");
