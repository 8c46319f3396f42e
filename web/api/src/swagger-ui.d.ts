// The part of Swagger UI that this page uses; https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  import type { CallRequest } from "./token";

  interface Options {
    spec: object;
    domNode: HTMLElement;
    deepLinking: boolean;
    docExpansion: "list" | "full" | "none";
    defaultModelsExpandDepth: number;
    displayRequestDuration: boolean;
    filter: boolean;
    tryItOutEnabled: boolean;
    persistAuthorization: boolean;
    validatorUrl: null;
    syntaxHighlight: { activated: boolean };
    requestInterceptor: (request: CallRequest) => CallRequest;
    onComplete: () => void;
    plugins: (() => object)[];
  }
  const SwaggerUI: (options: Options) => unknown;
  export default SwaggerUI;
}
