import { page } from "../vite.page";

export default page("docs");
