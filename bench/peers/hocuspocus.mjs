// Hocuspocus as it comes, without anything that stores.
import { Server } from "@hocuspocus/server";

new Server({ address: "127.0.0.1", port: Number(process.env.PORT), quiet: true }).listen();
