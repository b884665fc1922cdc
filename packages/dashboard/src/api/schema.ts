// Made by `npm run api-types` from the gateway's own document. Not edited by hand.
export interface paths {
    "/admin/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it happens
         * @description Server-sent events, named by topic. `Last-Event-ID` goes on where a lost connection ended; `event: reset` says that too much was missed.
         */
        get: {
            parameters: {
                query: {
                    /** @description Some of accounts, quota, requests, events, logins, tasks, log, config, client-keys, api-keys, proxies, models, errors, sessions, audit, comma separated. */
                    topics: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The stream. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/dashboard-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is this browser signed in? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What the sign-in page needs to know. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignInStatus"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/dashboard-login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with the password */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The password of the dashboard. */
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Signed in. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenedSession"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Too many tries; `retry-after` says when. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: string;
                            code: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/dashboard-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in with a one-time link */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description What stands behind `#token=` in a one-time link. */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Signed in. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OpenedSession"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Too many tries; `retry-after` says when. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: string;
                            code: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/dashboard-logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign out */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Nobody is signed in here any more. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Success"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/dashboard-confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove anew who is asking
         * @description What shows secrets wants a proof that is at most five minutes old: the password, or a new one-time link.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The password of the dashboard. */
                        password: string;
                    } | {
                        /** @description What stands behind `#token=` in a one-time link. */
                        token: string;
                    };
                };
            };
            responses: {
                /** @description It counts from now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            freshUntil: string | null;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Too many tries; `retry-after` says when. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: string;
                            code: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The one that was used last comes first. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sessions: components["schemas"]["AdminSession"][];
                            passwordSet: boolean;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/sessions/end-others": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign out everywhere else */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description How many ended. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EndedSessions"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End a session */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is over; its live streams are closed. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Success"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/dashboard-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a one-time link
         * @description For another browser of one’s own. It works once, within ten minutes.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Told once. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DashboardLink"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set or change the password
         * @description All other sessions end.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description At least 8 characters, and not what anybody would try first. */
                        password: string;
                    };
                };
            };
            responses: {
                /** @description How many ended. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EndedSessions"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        post?: never;
        /**
         * Remove the password
         * @description From then on a one-time link is the only way in. All other sessions end.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description How many ended. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EndedSessions"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was done in management
         * @description Who did what, from where and when, and whether it worked; never what was sent or answered. The last 10,000 acts of at most 90 days, the newest first.
         */
        get: {
            parameters: {
                query?: {
                    who?: "session" | "control" | "command line" | "nobody";
                    /** @description The id of a session. */
                    session?: string;
                    /** @description A part of a path, a target or an address. */
                    q?: string;
                    /** @description Only what did not work. */
                    failed?: "true" | "false";
                    since?: string;
                    /** @description The `next` of the page before. */
                    before?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description One page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            acts: components["schemas"]["Act"][];
                            /** @description Send it as `before` for what is older; null at the end. */
                            next: string | null;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Long acts, the newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The last of them. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tasks: components["schemas"]["Task"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One long act */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description How far it is. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tasks/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a long act after the part that is under way */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It stops. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Success"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Providers that are known beforehand, with their well-known models */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description In our order. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            providers: components["schemas"]["ProviderPreset"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All keys, masked, with how they are */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The oldest first. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            keys: components["schemas"]["ApiKey"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Add a key; the same key at the same address is changed */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            responses: {
                /** @description The key, masked. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            /** @enum {string} */
                            outcome: "added" | "updated" | "changed";
                            key: components["schemas"]["ApiKey"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a provider lists */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ApiKeyModelsRequest"];
                };
            };
            responses: {
                /** @description Its list. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiKeyModels"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The provider refuses. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Refused: keys leave only by POST */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Always. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        put?: never;
        /**
         * All keys, or some, as a file that import reads
         * @description Sealed by a passphrase; with `plain` whoever gets the file has the keys.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Default: all. */
                        ids?: string[];
                        passphrase?: string;
                        /** @enum {boolean} */
                        plain?: true;
                    };
                };
            };
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take keys in; good entries are taken even when others are bad */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ApiKeyImport"];
                };
            };
            responses: {
                /** @description What happened, or with `dryRun` what would. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportedApiKeys"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys/batch-delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Forget some keys */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        ids: string[];
                    };
                };
            };
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            deleted: number;
                            missing: string[];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys/{id}/label": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Name a key */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        label: string | null;
                    };
                };
            };
            responses: {
                /** @description The key. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            /** @enum {string} */
                            outcome: "added" | "updated" | "changed";
                            key: components["schemas"]["ApiKey"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/auth/api-keys/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Let a key serve, or rest */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "active" | "disabled";
                    };
                };
            };
            responses: {
                /** @description The key. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            /** @enum {string} */
                            outcome: "added" | "updated" | "changed";
                            key: components["schemas"]["ApiKey"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/auth/api-keys/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a key answer one word
         * @description A disabled or resting key is asked too; one that answers no longer rests.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        model?: string;
                    };
                };
            };
            responses: {
                /** @description Whether it answered, and if not, why. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ApiKeyTest"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forget a key; at its provider it stays valid */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Gone. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Success"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change a key; it forgets why it rested
         * @description A new base URL at another place wants the key once more: secrets do not move with an address.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ApiKeyEdit"];
                };
            };
            responses: {
                /** @description The key. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            /** @enum {string} */
                            outcome: "added" | "updated" | "changed";
                            key: components["schemas"]["ApiKey"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/admin/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every name that can be asked for, with what is known of it and who serves it now */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The catalog. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Models"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/refresh-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read the model lists anew, in the background
         * @description One list a plan, asked for by an account of it, and the list of every enabled API key.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It has begun. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ok: boolean;
                            message: string;
                            task: components["schemas"]["Task"] & (Record<string, never> | null);
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/model-routing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Names, routes, patterns and fallbacks, each with where it leads */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As the configuration says now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ModelRouting"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change names, routes, patterns, fallbacks or custom models
         * @description Each field takes the place of the whole setting; null goes back to the default. Names that go in a circle are refused; a target that nobody knows yet is saved and told as a warning.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ModelRoutingChange"];
                };
            };
            responses: {
                /** @description Written, and in force. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            saved: string[];
                            restartRequired: string[];
                            overridden: string[];
                            warnings: components["schemas"]["ModelRoutingProblem"][];
                            routing: components["schemas"]["ModelRouting"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/admin/model-routing/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What would be wrong with a change; nothing is saved */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ModelRoutingChange"];
                };
            };
            responses: {
                /** @description Empty: nothing. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            problems: components["schemas"]["ModelRoutingProblem"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where a name leads and who would answer, or what happened to a request */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        model?: string;
                        request_id?: string;
                    };
                };
            };
            responses: {
                /** @description The rules that were looked at, and who is ready. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Explanation"] | components["schemas"]["ExplainedRequest"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the gateway is, in one look */
        get: {
            parameters: {
                query?: {
                    /** @description Whose day is today: `Europe/Berlin`. Default UTC. */
                    time_zone?: string;
                    /** @description Of the events. Default en. */
                    language?: "en" | "zh-CN";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Overview"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used, in one sum */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description `json` or `csv`. */
                    format?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The numbers; with `format=csv` as a table. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageSummary"];
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used, step by step */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description `json` or `csv`. */
                    format?: string;
                    /** @description One of provider, model, account, api_key, client_key, client, tier. */
                    group_by?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The numbers; with `format=csv` as a table. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            granularity: string;
                            hours: number | "all" | null;
                            group_by?: string;
                            data_points: {
                                input_tokens: number;
                                output_tokens: number;
                                /** @description Among the input. */
                                cached_tokens: number;
                                image_input_tokens: number;
                                image_output_tokens: number;
                                image_request_count: number;
                                image_request_failed_count: number;
                                /** @description At the list prices of the vendors’ APIs. */
                                estimated_cost_usd: number;
                                /** @description All that ended, however they did. */
                                request_count: number;
                                /** @description Among the output. */
                                reasoning_tokens: number;
                                request_failed_count: number;
                                /** @description The client left. Not among the failed. */
                                request_cancelled_count: number;
                                unpriced_request_count: number;
                                ttft_avg_ms: number | null;
                                ttft_p50_ms: number | null;
                                ttft_p95_ms: number | null;
                                duration_avg_ms: number | null;
                                duration_p50_ms: number | null;
                                duration_p95_ms: number | null;
                                timestamp: string;
                                group?: string;
                                name?: string | null;
                            }[];
                        };
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines of a chart, a value for every step */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description `json` or `csv`. */
                    format?: string;
                    /** @description One of provider, model, account, api_key, client_key, client, tier. */
                    group_by?: string;
                    /** @description So many lines, 1 to 100; the others are one. Default 10. */
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The numbers; with `format=csv` as a table. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageSeries"];
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/hours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** In which hours of the week */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description Whose hours: `Europe/Berlin`. Default UTC. */
                    time_zone?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Sums by weekday and hour. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageHours"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used, by model */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description `json` or `csv`. */
                    format?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The numbers; with `format=csv` as a table. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageTable"];
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used, by account */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description `json` or `csv`. */
                    format?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The numbers; with `format=csv` as a table. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageTable"];
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used, by API key */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description `json` or `csv`. */
                    format?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The numbers; with `format=csv` as a table. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageTable"];
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/client-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used, by client key */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description `json` or `csv`. */
                    format?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The numbers; with `format=csv` as a table. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageTable"];
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used, by client program */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description `json` or `csv`. */
                    format?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The numbers; with `format=csv` as a table. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageTable"];
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/usage-stats/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was used, by provider */
        get: {
            parameters: {
                query?: {
                    /** @description Unix ms, or ISO 8601. */
                    from?: string;
                    /** @description Unix ms, or ISO 8601. Default: now. */
                    to?: string;
                    /** @description So many hours before the end, or `all`. */
                    hours?: string;
                    /** @description One of raw, five_min, hourly, daily. Default: what fits the time. */
                    granularity?: string;
                    /** @description Only of this provider. */
                    provider?: string;
                    /** @description Only of this model. */
                    model?: string;
                    /** @description Only of this account. */
                    account?: string;
                    /** @description Only of this api key. */
                    api_key?: string;
                    /** @description Only of this client key. */
                    client_key?: string;
                    /** @description Only of this client. */
                    client?: string;
                    /** @description Only of this tier. */
                    tier?: string;
                    /** @description `json` or `csv`. */
                    format?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The numbers; with `format=csv` as a table. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UsageTable"];
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/pool": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is at work, what prompt caches save, and what moves cost */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Since the gateway was started. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Pool"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What clients need to reach this gateway */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Addresses, models and the names of keys. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Connect"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/client-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All client keys, what they may use and have used */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The oldest first; revoked ones are gone. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            keys: components["schemas"]["ClientKey"][];
                            total: number;
                            active: number;
                            total_cost_usd: number;
                            total_requests: number;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Make a client key; it is told once */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewClientKey"];
                };
            };
            responses: {
                /** @description The key, for the only time. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ClientKey"] & {
                            /** @description The key itself; told this once. */
                            key: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Somebody has it. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/client-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change a client key; it is in force at its next request */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ClientKeyChange"];
                };
            };
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ClientKey"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        post?: never;
        /** Revoke a client key for good; open WebSockets of it are closed */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It opens nothing any more. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Success"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/client-keys/{id}/toggle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switch a client key off for a while, or on again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        enabled?: boolean;
                    };
                };
            };
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ClientKey"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/client-keys/{id}/reset-usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let what a client key has used begin at zero */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ClientKey"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody who goes out, and which way */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Who is assigned, and all who could be. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            assignments: components["schemas"]["ProxyAssignment"][];
                            accounts: components["schemas"]["ProxyOwner"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say which way one account or API key goes */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        accountId: string;
                        proxyId: string;
                    };
                };
            };
            responses: {
                /** @description From now on. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            assignments: components["schemas"]["ProxyAssignment"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/assign/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Let one go the way of all again */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It goes the way of `proxy.default`. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Success"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/assign-bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say which way many go: all of them, or none */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        assignments: {
                            accountId: string;
                            proxyId: string;
                        }[];
                    };
                };
            };
            responses: {
                /** @description From now on. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            assignments: components["schemas"]["ProxyAssignment"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/assign-rule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give many one of some proxies each, by a rule */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        accountIds: string[];
                        /**
                         * @description `round-robin`: in turn. `even`: as evenly as can be, moving as few as can be.
                         * @enum {string}
                         */
                        rule: "round-robin" | "even";
                        targetProxyIds: string[];
                        dryRun?: boolean;
                    };
                };
            };
            responses: {
                /** @description Who goes which way; `moved` go another than before. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            assignments: components["schemas"]["ProxyAssignment"][];
                            moved: number;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/assignments/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who goes which way, by e-mail address */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To be imported elsewhere. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            assignments: components["schemas"]["WrittenProxyAssignment"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/assignments/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What such a list would change; nothing is changed */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProxyAssignmentImport"];
                };
            };
            responses: {
                /** @description What would be. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProxyAssignmentPreview"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/assignments/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go by such a list */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProxyAssignmentImport"];
                };
            };
            responses: {
                /** @description What was changed. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProxyAssignmentPreview"] & {
                            /** @enum {boolean} */
                            success: true;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All proxies as YAML, without their passwords */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What import reads. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/yaml": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** All proxies as YAML, with their passwords */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What import reads; whoever gets it can use them. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/yaml": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take in a list of proxies; good lines are taken even when others are bad */
        post: {
            parameters: {
                query?: {
                    dryRun?: string;
                    /** @description Of lines that name none. Default: http. */
                    protocol?: "http" | "https" | "socks5" | "socks5h";
                    allowPrivate?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["ProxyImport"];
                    "text/plain": string;
                };
            };
            responses: {
                /** @description What was understood, and what became of it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProxyImportResult"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All proxies, how they are, and who is assigned to which */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The oldest first. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Minutes; 0: never. */
                            healthCheckIntervalMinutes: number;
                            /** @description What `global` is: `environment`, `direct`, `auto`, or a proxy. */
                            default: string;
                            proxies: components["schemas"]["Proxy"][];
                            assignments: components["schemas"]["ProxyAssignment"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Take a proxy in; the same address with another password changes the one that is known */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["NewProxy"];
                    "text/plain": string;
                };
            };
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            /** @enum {string} */
                            outcome: "added" | "updated" | "unchanged";
                            proxy: components["schemas"]["Proxy"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description It cannot be so, as things are; `code` says why. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** How often proxies are checked, and what `global` is; kept in the configuration */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        healthCheckIntervalMinutes?: number;
                        default?: string;
                    };
                };
            };
            responses: {
                /** @description What was saved. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Minutes; 0: never. */
                            healthCheckIntervalMinutes: number;
                            /** @description What `global` is: `environment`, `direct`, `auto`, or a proxy. */
                            default: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description It cannot be so, as things are; `code` says why. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/check-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check all proxies that are switched on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The act; its result is one line each. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/detect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look for a proxy on this machine, at the usual ports */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What listens there and may be one. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            found: {
                                url: string;
                                known: boolean;
                            }[];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change a proxy; who is assigned to it stays so */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProxyChange"];
                };
            };
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Proxy"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description It cannot be so, as things are; `code` says why. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        post?: never;
        /** Forget a proxy */
        delete: {
            parameters: {
                query?: {
                    /** @description Which way its owners go then: `global`, `direct`, `auto`, or a proxy. */
                    reassign?: string;
                    /** @description Leave its owners without any way out. */
                    force?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is gone. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Success"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description It cannot be so, as things are; `code` says why. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask the check address through one proxy */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What it found. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                            ok: boolean;
                            exitIp: string | null;
                            latencyMs: number | null;
                            error: string | null;
                            proxy: components["schemas"]["Proxy"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a proxy be used again */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Proxy"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proxies/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Use a proxy no more; who is assigned to it has no way out meanwhile */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Proxy"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/playground/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A key for the playground
         * @description It opens every model, is known as `playground` in records, and ends after an hour or with the session that asked. It is never stored.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Told once. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PlaygroundKey"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every setting with its value, its default and where it comes from */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The settings, in the order of the documentation. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Config"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change settings: all of them, or none
         * @description A map from settings to values; null goes back to the default. Written into config.yaml, comments kept, and in force before the answer.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description What was written. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SavedSettings"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/admin/update-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the last look for a new version found */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Without asking anybody. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UpdateStatus"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/check-update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Look now for a new version */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What the feed says. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["UpdateStatus"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/apply-update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How to install a new version: the program never replaces itself */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/rotation-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a new conversation gets its account */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Null where there is no such setting here. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `accounts.strategy` */
                            rotation_strategy?: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Change: how a new conversation gets its account */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description In force. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `accounts.strategy` */
                            rotation_strategy?: unknown;
                            /** @enum {boolean} */
                            success: true;
                            restart_required: boolean;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The file cannot take it. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** There is no master key here */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Null where there is no such setting here. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description there is no master key; make client keys, each with its own limits, at /auth/client-keys */
                            proxy_api_key?: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Change: there is no master key here */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description In force. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description there is no master key; make client keys, each with its own limits, at /auth/client-keys */
                            proxy_api_key?: unknown;
                            /** @enum {boolean} */
                            success: true;
                            restart_required: boolean;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The file cannot take it. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/general-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** General settings by the names of other gateways */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Null where there is no such setting here. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `server.port` */
                            port?: unknown;
                            /** @description proxies stand at /api/proxies, and proxy.default names the usual one */
                            proxy_url?: unknown;
                            /** @description HTTP/1.1 is what is spoken upstream, and WebSocket; see codex.websocket */
                            force_http11?: unknown;
                            /** @description `model.inject_desktop_context` */
                            inject_desktop_context?: unknown;
                            /** @description `model.suppress_desktop_directives` */
                            suppress_desktop_directives?: unknown;
                            /** @description `model.allow_client_system_prompt_strategy` */
                            allow_client_system_prompt_strategy?: unknown;
                            /** @description `model.system_prompt_strategy` */
                            system_prompt_strategy?: unknown;
                            /** @description `model.default` */
                            default_model?: unknown;
                            /** @description `model.effort` */
                            default_reasoning_effort?: unknown;
                            /** @description `model.image_host_model` */
                            image_host_model?: unknown;
                            /** @description `model.default_tools` */
                            default_tools?: unknown;
                            /** @description `model.aliases` */
                            model_aliases?: unknown;
                            /** @description `auth.refresh_enabled` */
                            refresh_enabled?: unknown;
                            /** @description `auth.refresh_margin_seconds` */
                            refresh_margin_seconds?: unknown;
                            /** @description `auth.refresh_concurrency` */
                            refresh_concurrency?: unknown;
                            /** @description `accounts.max_concurrent_per_account` */
                            max_concurrent_per_account?: unknown;
                            /** @description `accounts.request_interval_ms` */
                            request_interval_ms?: unknown;
                            /** @description the program never replaces itself; see updates.feed and POST /admin/check-update */
                            auto_update?: unknown;
                            /** @description the program never replaces itself; see updates.feed and POST /admin/check-update */
                            auto_download?: unknown;
                            /** @description the program never replaces itself; see updates.feed and POST /admin/check-update */
                            show_update_dialog?: unknown;
                            /** @description `requests.log` */
                            logs_enabled?: unknown;
                            /** @description `requests.log_keep` */
                            logs_capacity?: unknown;
                            /** @description `requests.capture_bodies` */
                            logs_capture_body?: unknown;
                            /** @description the request log holds requests to models alone */
                            logs_llm_only?: unknown;
                            /** @description `usage.keep_day_days` */
                            usage_history_retention_days?: unknown;
                            /** @description costs are told in US dollars; usage.prices holds prices of your own */
                            credits_per_usd?: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Change: general settings by the names of other gateways */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description In force. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `server.port` */
                            port?: unknown;
                            /** @description proxies stand at /api/proxies, and proxy.default names the usual one */
                            proxy_url?: unknown;
                            /** @description HTTP/1.1 is what is spoken upstream, and WebSocket; see codex.websocket */
                            force_http11?: unknown;
                            /** @description `model.inject_desktop_context` */
                            inject_desktop_context?: unknown;
                            /** @description `model.suppress_desktop_directives` */
                            suppress_desktop_directives?: unknown;
                            /** @description `model.allow_client_system_prompt_strategy` */
                            allow_client_system_prompt_strategy?: unknown;
                            /** @description `model.system_prompt_strategy` */
                            system_prompt_strategy?: unknown;
                            /** @description `model.default` */
                            default_model?: unknown;
                            /** @description `model.effort` */
                            default_reasoning_effort?: unknown;
                            /** @description `model.image_host_model` */
                            image_host_model?: unknown;
                            /** @description `model.default_tools` */
                            default_tools?: unknown;
                            /** @description `model.aliases` */
                            model_aliases?: unknown;
                            /** @description `auth.refresh_enabled` */
                            refresh_enabled?: unknown;
                            /** @description `auth.refresh_margin_seconds` */
                            refresh_margin_seconds?: unknown;
                            /** @description `auth.refresh_concurrency` */
                            refresh_concurrency?: unknown;
                            /** @description `accounts.max_concurrent_per_account` */
                            max_concurrent_per_account?: unknown;
                            /** @description `accounts.request_interval_ms` */
                            request_interval_ms?: unknown;
                            /** @description the program never replaces itself; see updates.feed and POST /admin/check-update */
                            auto_update?: unknown;
                            /** @description the program never replaces itself; see updates.feed and POST /admin/check-update */
                            auto_download?: unknown;
                            /** @description the program never replaces itself; see updates.feed and POST /admin/check-update */
                            show_update_dialog?: unknown;
                            /** @description `requests.log` */
                            logs_enabled?: unknown;
                            /** @description `requests.log_keep` */
                            logs_capacity?: unknown;
                            /** @description `requests.capture_bodies` */
                            logs_capture_body?: unknown;
                            /** @description the request log holds requests to models alone */
                            logs_llm_only?: unknown;
                            /** @description `usage.keep_day_days` */
                            usage_history_retention_days?: unknown;
                            /** @description costs are told in US dollars; usage.prices holds prices of your own */
                            credits_per_usd?: unknown;
                            /** @enum {boolean} */
                            success: true;
                            restart_required: boolean;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The file cannot take it. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/quota-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How quotas are watched */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Null where there is no such setting here. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `quota.refresh_minutes` */
                            refresh_interval_minutes?: unknown;
                            /** @description `quota.warning_thresholds` */
                            warning_thresholds?: unknown;
                            /** @description `quota.skip_exhausted` */
                            skip_exhausted?: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Change: how quotas are watched */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description In force. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `quota.refresh_minutes` */
                            refresh_interval_minutes?: unknown;
                            /** @description `quota.warning_thresholds` */
                            warning_thresholds?: unknown;
                            /** @description `quota.skip_exhausted` */
                            skip_exhausted?: unknown;
                            /** @enum {boolean} */
                            success: true;
                            restart_required: boolean;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The file cannot take it. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/ollama-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The listener for Ollama clients */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Null where there is no such setting here. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `ollama.enabled` */
                            enabled?: unknown;
                            /** @description `ollama.host` */
                            host?: unknown;
                            /** @description `ollama.port` */
                            port?: unknown;
                            /** @description `ollama.version` */
                            version?: unknown;
                            /** @description `ollama.disable_vision` */
                            disable_vision?: unknown;
                            /** @description `ollama.require_key` */
                            require_key?: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Change: the listener for ollama clients */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description In force. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description `ollama.enabled` */
                            enabled?: unknown;
                            /** @description `ollama.host` */
                            host?: unknown;
                            /** @description `ollama.port` */
                            port?: unknown;
                            /** @description `ollama.version` */
                            version?: unknown;
                            /** @description `ollama.disable_vision` */
                            disable_vision?: unknown;
                            /** @description `ollama.require_key` */
                            require_key?: unknown;
                            /** @enum {boolean} */
                            success: true;
                            restart_required: boolean;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The file cannot take it. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/ollama-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Does the listener for Ollama clients run, and where? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            enabled: boolean;
                            running: boolean;
                            address: string | null;
                            /** @description Why it does not, and what to do. */
                            error: string | null;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/test-connection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try each part of the way to an answer, without asking a model */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description Default: all. */
                        checks?: ("server" | "accounts" | "transport" | "upstream")[];
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description What works. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: components["schemas"]["ConnectionCheck"][];
                            /** @enum {string} */
                            overall: "pass" | "fail";
                            timestamp: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/diagnostics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file for whoever is to help: no secrets, no names of people */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/debug/diagnostics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same, to be looked at */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What the file says. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/debug/fingerprint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the gateway says it is to the Codex backend */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The profile and what follows from it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            profile: string;
                            originator: string;
                            user_agent: string;
                            version: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/log-tail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last lines of the log, the oldest first */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    /** @description This level and those above it. */
                    level?: "debug" | "info" | "warn" | "error";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The lines, without secrets. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            lines: components["schemas"]["LogLine"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is told notices, and whether they are signed */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The path of the address may be a secret and is not told. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            host: string | null;
                            /** @description Nothing is sent unsigned. */
                            has_secret: boolean;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/webhook/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The secret that signs what is sent; made when there is none */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        rotate?: boolean;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description For the receiver. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            secret: string;
                            made: boolean;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/webhook/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send the webhook a test, and say what it answered */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Whether the receiver took it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            taken: boolean;
                            host: string;
                            error: string | null;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no address, or no secret. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/sealing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the key comes from that seals stored logins and keys */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The key itself is never told. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            source: "file" | "keyring" | "environment";
                            /** @description The data folder. */
                            home: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Everything in one file that only the passphrase opens
         * @description Accounts, keys, usage and config.yaml. `dragoman restore` puts it back, on any machine.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        passphrase: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Begin a login and go to where one signs in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the login server. */
                302: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Begin a login and go to where one signs in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the login server. */
                302: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login-start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a login in the browser */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description A name to recognise the account by. */
                        label?: string;
                    };
                };
            };
            responses: {
                /** @description It waits. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Where the person signs in. */
                            authUrl: string;
                            state: string;
                            id: string;
                            /** @description False: only the pasted address ends it (`/auth/code-relay`). */
                            listening: boolean;
                            /** @description Where the browser comes back to. */
                            redirectUri: string;
                            expiresAt: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/code-relay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a login by the address that the browser ended on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        callbackUrl: string;
                    };
                };
            };
            responses: {
                /** @description Signed in. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            login: components["schemas"]["Login"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The login server refused, or was not reached. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/device-login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a login by a code that is typed on any device */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description A name to recognise the account by. */
                        label?: string;
                    };
                };
            };
            responses: {
                /** @description It waits. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            userCode: string;
                            verificationUri: string;
                            /** @description The login server knows no address with the code in it: the same as without. */
                            verificationUriComplete: string;
                            /** @description For `/auth/device-poll/{deviceCode}`. */
                            deviceCode: string;
                            /** @description Seconds. */
                            expiresIn: number;
                            /** @description Seconds between two looks. */
                            interval: number;
                            id: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The login server refused, or was not reached. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/device-poll/{deviceCode}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Was the code typed? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    deviceCode: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed in, or not yet. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            login: components["schemas"]["Login"];
                        } | {
                            /** @enum {boolean} */
                            pending: true;
                            code: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The login server refused, or was not reached. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Logins that this session began */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The last of them. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            logins: components["schemas"]["Login"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How one stands */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Login"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Give one up */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It waits no longer. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Success"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/import-cli": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Logins of other programs on this computer, and what taking them over would do */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was found. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            found: components["schemas"]["FoundLogin"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Take one of them over; without a path the Codex CLI’s */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description One that `GET` told. */
                        path?: string;
                        /** @description Follow the file: its program goes on to refresh the login. */
                        link?: boolean;
                    };
                };
            };
            responses: {
                /** @description What came of it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Imported"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take accounts over from a file
         * @description The body is the file itself, JSON or text, or `{content, passphrase}` with the file in it. Everything that `dragoman accounts import` reads.
         */
        post: {
            parameters: {
                query?: {
                    /** @description `true`: answer at once with a task; `/admin/tasks/{id}` and the live topic `tasks` tell how far it is. */
                    background?: "true" | "false";
                    /** @description `true`: say what would happen. */
                    dryRun?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        content?: string;
                        contentBase64?: string;
                        passphrase?: string;
                    };
                    "text/plain": string;
                };
            };
            responses: {
                /** @description What came of each. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Imported"];
                    };
                };
                /** @description It runs. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Not by GET: no address brings secrets out */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description POST it. */
                405: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Accounts as a file, with their logins
         * @description A file of the form `full` or `minimal` is sealed by a passphrase; `plain: true` leaves it open.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Default: all. */
                        ids?: string[];
                        /**
                         * @default full
                         * @enum {string}
                         */
                        format?: "full" | "minimal" | "codex_proxy" | "cockpit_tools" | "cpa" | "sub2api" | "codex";
                        passphrase?: string;
                        plain?: boolean;
                    };
                };
            };
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description What to call the file. */
                            name: string;
                            /** @description The file. */
                            text: string;
                            count: number;
                            sealed: boolean;
                            problems: {
                                place: string;
                                message: string;
                            }[];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an access token in */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                    };
                };
            };
            responses: {
                /** @description It is here. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            /** @enum {string} */
                            outcome: "added" | "updated" | "unchanged";
                            message: string | null;
                            account: components["schemas"]["Account"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description It was refused. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts */
        get: {
            parameters: {
                query?: {
                    /** @description Only these, comma separated. */
                    ids?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As they are now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            accounts: components["schemas"]["Account"][];
                            persistence_health: {
                                /** @enum {string} */
                                status: "ok" | "set_aside";
                                /** @description Where a damaged database lies now. */
                                setAsideTo: string | null;
                            };
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Take one account in by its tokens */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token?: string;
                        refreshToken?: string;
                        label?: string;
                    };
                };
            };
            responses: {
                /** @description It is here. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            /** @enum {string} */
                            outcome: "added" | "updated" | "unchanged";
                            message: string | null;
                            account: components["schemas"]["Account"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description It was refused. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is anybody signed in, and how the pool is */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description In numbers. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            authenticated: boolean;
                            user: {
                                email: string | null;
                                accountId: string;
                                planType: string | null;
                            } | null;
                            pool: {
                                total: number;
                                active: number;
                                expired: number;
                                quota_exhausted: number;
                                rate_limited: number;
                                refreshing: number;
                                disabled: number;
                                banned: number;
                            };
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/batch-delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove many */
        post: {
            parameters: {
                query?: {
                    /** @description `true`: answer at once with a task; `/admin/tasks/{id}` and the live topic `tasks` tell how far it is. */
                    background?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Ids of accounts. */
                        ids: string[];
                    };
                };
            };
            responses: {
                /** @description What came of it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deleted: number;
                            notFound: string[];
                            failed?: {
                                id: string;
                                error: string;
                            }[];
                        };
                    };
                };
                /** @description It runs. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/batch-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switch many on or off */
        post: {
            parameters: {
                query?: {
                    /** @description `true`: answer at once with a task; `/admin/tasks/{id}` and the live topic `tasks` tell how far it is. */
                    background?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Ids of accounts. */
                        ids: string[];
                        /** @enum {string} */
                        status: "active" | "disabled";
                    };
                };
            };
            responses: {
                /** @description What came of it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            updated: number;
                            notFound: string[];
                            failed?: {
                                id: string;
                                error: string;
                            }[];
                        };
                    };
                };
                /** @description It runs. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/batch-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say the same of many */
        post: {
            parameters: {
                query?: {
                    /** @description `true`: answer at once with a task; `/admin/tasks/{id}` and the live topic `tasks` tell how far it is. */
                    background?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Ids of accounts. */
                        ids: string[];
                        /** @description At most 2,000 characters. */
                        note?: string | null;
                        groups?: string[];
                        /** @description 0 to 1,000; 0 serves only when no other can. */
                        weight?: number;
                        /** @description Open requests; 0 for any number, null as the configuration says. */
                        maxConcurrent?: number | null;
                        /** @description All clients appear upstream as one session. */
                        converge?: boolean;
                        /** @description `global`, `direct`, `auto`, or a proxy. */
                        proxyId?: string;
                    };
                };
            };
            responses: {
                /** @description What came of it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            updated: number;
                            notFound: string[];
                            failed?: {
                                id: string;
                                error: string;
                            }[];
                        };
                    };
                };
                /** @description It runs. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/batch-refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renew the tokens of many */
        post: {
            parameters: {
                query?: {
                    /** @description `true`: answer at once with a task; `/admin/tasks/{id}` and the live topic `tasks` tell how far it is. */
                    background?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Ids of accounts. */
                        ids: string[];
                    };
                };
            };
            responses: {
                /** @description What came of it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            updated: number;
                            notFound: string[];
                            failed?: {
                                id: string;
                                error: string;
                            }[];
                        };
                    };
                };
                /** @description It runs. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/batch-quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read the quota of many */
        post: {
            parameters: {
                query?: {
                    /** @description `true`: answer at once with a task; `/admin/tasks/{id}` and the live topic `tasks` tell how far it is. */
                    background?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Ids of accounts. */
                        ids: string[];
                    };
                };
            };
            responses: {
                /** @description What came of it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            updated: number;
                            notFound: string[];
                            failed?: {
                                id: string;
                                error: string;
                            }[];
                        };
                    };
                };
                /** @description It runs. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/health-check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find out which logins still live
         * @description By renewing them and by nothing else: the model backend is never asked.
         */
        post: {
            parameters: {
                query?: {
                    /** @description `true`: answer at once with a task; `/admin/tasks/{id}` and the live topic `tasks` tell how far it is. */
                    background?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Ids of accounts. */
                        ids?: string[];
                        /** @default 3000 */
                        stagger_ms?: number;
                        /** @default 2 */
                        concurrency?: number;
                    };
                };
            };
            responses: {
                /** @description Of each. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HealthReport"];
                    };
                };
                /** @description It runs. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            task: components["schemas"]["Task"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            account: components["schemas"]["Account"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Remove it; a login that was made here is revoked */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Removed. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Success"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Change what its owner says of it */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description At most 64 characters; null for none. */
                        label?: string | null;
                        /** @description At most 2,000 characters. */
                        note?: string | null;
                        groups?: string[];
                        /** @description 0 to 1,000; 0 serves only when no other can. */
                        weight?: number;
                        /** @description Open requests; 0 for any number, null as the configuration says. */
                        maxConcurrent?: number | null;
                        /** @description All clients appear upstream as one session. */
                        converge?: boolean;
                        /** @description `global`, `direct`, `auto`, or a proxy. */
                        proxyId?: string;
                    };
                };
            };
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            account: components["schemas"]["Account"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/auth/accounts/{id}/label": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Name it */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description At most 64 characters; null for none. */
                        label?: string | null;
                    };
                };
            };
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            account: components["schemas"]["Account"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/auth/accounts/{id}/codex-fingerprint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** One session upstream for all its clients, or one each */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        mode: "off" | "session";
                    };
                };
            };
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            account: components["schemas"]["Account"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/auth/accounts/{id}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renew its tokens now */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Renewed. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            account: components["schemas"]["Account"];
                            message: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The login server did not renew them. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove every account */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        confirm: true;
                    };
                };
            };
            responses: {
                /** @description None is left. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            deleted: number;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{id}/quota-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Its owner says that the quota is back: the next request tries */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        limit?: string;
                    };
                };
            };
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            account: components["schemas"]["Account"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{id}/reset-usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Its counters begin at zero */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            account: components["schemas"]["Account"];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{id}/quota": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read its quota now */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Its quota. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            quota: components["schemas"]["Quota"] & (Record<string, never> | null);
                            /** @description As it came. */
                            raw?: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description It cannot be read in this state. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The backend refused, or was not reached. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{id}/reset-credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Resets that its owner may spend, as the backend tells them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The backend’s own list. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            available_count?: number;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The backend refused, or was not reached. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{id}/reset-credits/consume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Spend one reset */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        redeem_request_id?: string;
                    };
                };
            };
            responses: {
                /** @description What came of it. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            success: boolean;
                            outcome: string;
                            message: string;
                            quota: components["schemas"]["Quota"] & (Record<string, never> | null);
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description One was asked for just now. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description The backend refused, or was not reached. */
                502: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/accounts/{id}/cookies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which cookies its owner set */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Their names. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            cookies: string[];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /** Set its cookies */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description The text of a Cookie header, or names and values. */
                        cookies?: string | {
                            [key: string]: string;
                        };
                    };
                };
            };
            responses: {
                /** @description Their names. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            cookies: string[];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        /** Take its cookies away */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Their names. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            cookies: string[];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the gateway did, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description At least so grave. */
                    level?: "info" | "warning" | "critical";
                    /** @description Some of account_state, quota_warning, quota_back, login_needed, refresh_failed, conversation_moved, fallback_used, proxy_down, budget_reached, configuration, started, stopped, comma separated. */
                    type?: string;
                    account?: string;
                    /** @description Any part of a sentence in either language, a name or an id. */
                    text?: string;
                    /** @description Unix ms, or ISO 8601. */
                    since?: string;
                    language?: "en" | "zh-CN";
                    limit?: number;
                    /** @description The `next` of the page before. */
                    before?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description One page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: components["schemas"]["Event"][];
                            /** @description The `before` of the next page; null on the last one. */
                            next: string | null;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Forget all events */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description They are gone. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deleted: number;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/events/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All events that fit, as a file */
        get: {
            parameters: {
                query?: {
                    /** @description At least so grave. */
                    level?: "info" | "warning" | "critical";
                    /** @description Some of account_state, quota_warning, quota_back, login_needed, refresh_failed, conversation_moved, fallback_used, proxy_down, budget_reached, configuration, started, stopped, comma separated. */
                    type?: string;
                    account?: string;
                    /** @description Any part of a sentence in either language, a name or an id. */
                    text?: string;
                    /** @description Unix ms, or ISO 8601. */
                    since?: string;
                    language?: "en" | "zh-CN";
                    format?: "json" | "csv";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: components["schemas"]["Event"][];
                        };
                        "text/csv": string;
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/quota/warnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Quota warnings that hold now */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            warnings: components["schemas"]["QuotaWarning"][];
                            updatedAt: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests, the newest first
         * @description What runs now, one page of what is over, and sums over everything that fits, not over the page.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `egress`: some upstream was asked; `ingress`: none was. */
                    direction?: "all" | "ingress" | "egress";
                    /** @description Any part of a model, a path, a name, an id, a failure or a note. */
                    search?: string;
                    /** @description The client’s name of it, or the upstream’s. */
                    model?: string;
                    provider?: string;
                    /** @description The id of an account or of an API key. */
                    account?: string;
                    /** @description The id of a client key. */
                    key?: string;
                    /** @description The program that asked, `codex`. */
                    client?: string;
                    dialect?: string;
                    /** @description `ok`, `failed`, `cancelled`, a class (`4xx`) or a status (`429`). */
                    status?: string;
                    /** @description Unix ms, or ISO 8601. */
                    since?: string;
                    /** @description Unix ms, or ISO 8601. */
                    until?: string;
                    /** @description It took at least so long, ms. */
                    slow?: number | null;
                    /** @description Is what was said kept? */
                    bodies?: "true" | "false";
                    limit?: number;
                    offset?: number | null;
                    /** @description The `next` of the page before. Better than an offset: it stays right while requests end. */
                    cursor?: string;
                    /** @description Leave the sums out with `false`. */
                    totals?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description One page. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            records: components["schemas"]["LoggedRequest"][];
                            /** @description How many fit; null without `totals`. */
                            total: number | null;
                            offset: number;
                            limit: number;
                            /** @description Send it as `cursor` for what is older; null at the end. */
                            next: string | null;
                            totals: components["schemas"]["RequestTotals"] | null;
                            running: components["schemas"]["RunningRequest"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/logs/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is kept of requests */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As it is now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RequestLogState"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Switch the log, a pause, or the keeping of bodies
         * @description `enabled` and `captureBodies` are settings (`requests.log`, `requests.capture_bodies`).
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        enabled?: boolean;
                        paused?: boolean;
                        captureBodies?: boolean;
                    };
                };
            };
            responses: {
                /** @description As it is from now on. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RequestLogState"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/logs/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget all requests
         * @description With everything that was said in them. Usage keeps its sums.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description They are gone. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ok: true;
                            deleted: number;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/logs/names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What requests can be told apart by */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What the log holds. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            models: string[];
                            providers: string[];
                            clients: string[];
                            dialects: string[];
                            accounts: {
                                id: string;
                                name: string;
                            }[];
                            keys: {
                                id: string;
                                name: string;
                            }[];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/logs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request, with everything that is kept of it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `log_…`, or the id of the request. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The request. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LoggedRequestDetail"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/logs/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask once more what was asked
         * @description Sends the kept body through the real relay, under a key of the playground. It costs what every request costs. Answers when the reply is there.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It was asked, whatever the answer. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Replay"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Its body is not kept. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: string;
                            code?: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/logs/{id}/cassette": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A kept request as a file
         * @description What was asked, what went upstream and what came back, without secrets; for a bug report.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Cassette"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description There is no such thing. */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Its bodies are not kept. */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: string;
                            code?: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/error-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Errors, the same ones together */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The one that happened last first. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            groups: components["schemas"]["ErrorGroup"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Forget errors */
        delete: {
            parameters: {
                query?: {
                    /** @description Only of this group. */
                    group?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description They are gone. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ok: true;
                            deleted: number;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/error-logs/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Single errors, the newest first */
        get: {
            parameters: {
                query?: {
                    /** @description Only of this group. */
                    group?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As they happened. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: components["schemas"]["LoggedError"][];
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/error-logs/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many errors there are, and how many nobody has looked at */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Now. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ErrorCount"];
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/error-logs/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody has looked at them */
        post: {
            parameters: {
                query?: {
                    /** @description Only of this group. */
                    group?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Noted. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ok: true;
                            cursor: string;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/error-logs/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell of an error in a page or a program beside the gateway
         * @description At most 30 a minute.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        source: "main" | "renderer" | "server" | "external";
                        error: {
                            name: string;
                            message: string;
                            stack?: string;
                        };
                        context?: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description Kept. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ok: true;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Too many. */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            error: string;
                            code?: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This API, described */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description An OpenAPI 3.1 document. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The request is not understood. */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Nobody is signed in. */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description This credential, or this page, may not do that. */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Error: {
            /** @description What is wrong, and the way out. */
            error: string;
            /** @description For programs: the same thing has the same code. */
            code?: string;
            /** @description The place in the request, a JSON pointer. */
            pointer?: string;
        };
        SignInStatus: {
            /**
             * @description Management is never open to whoever did not sign in.
             * @enum {boolean}
             */
            required: true;
            authenticated: boolean;
            /** @description Without one a link is the only way in. */
            passwordSet: boolean;
            /** @description How long this address has to wait before the next try. */
            retryAfterSeconds: number;
            /** @description Until then this session counts as having just proven who it is; null when nobody is signed in. */
            freshUntil: string | null;
        };
        OpenedSession: {
            /** @enum {boolean} */
            success: true;
            /** @description The second value of the session: send it as `x-dragoman-session`, beside the cookie that comes with this answer. */
            session: string;
        };
        Success: {
            /** @enum {boolean} */
            success: true;
        };
        AdminSession: {
            id: string;
            /** @description The one that asks. */
            current: boolean;
            /**
             * @description How it was opened.
             * @enum {string}
             */
            way: "link" | "password";
            address: string;
            userAgent: string;
            openedAt: string;
            usedAt: string;
            /** @description When it ends if nobody uses it any more. */
            endsAt: string;
        };
        EndedSessions: {
            /** @enum {boolean} */
            success: true;
            ended: number;
        };
        DashboardLink: {
            token: string;
            /** @description With the token in its fragment, which no server sees. */
            link: string;
            expiresAt: string;
        };
        Act: {
            id: string;
            at: string;
            /**
             * @description `session`: somebody signed in. `control`: a command that asks the running gateway. `command line`: a command beside it. `nobody`: whoever tried to get in.
             * @enum {string}
             */
            who: "session" | "control" | "command line" | "nobody";
            sessionId: string | null;
            address: string;
            method: string;
            /** @description With `:id` in the place of what was meant. */
            route: string;
            /** @description What stood in the place of `:id`. */
            target: string | null;
            /** @description How it was answered; 499 when whoever asked left before. */
            status: number;
        };
        Task: {
            id: string;
            /** @description What it does: `health-check`, `batch-delete`. */
            kind: string;
            /** @enum {string} */
            state: "running" | "done" | "failed" | "cancelled";
            done: number;
            total: number;
            failed: number;
            startedAt: string;
            endedAt: string | null;
            error: string | null;
            /** @description What it brought, once it is over; its form is its kind’s. */
            result?: unknown;
        };
        ProviderPreset: {
            id: string;
            title: string;
            /** @enum {string} */
            kind: "openai" | "anthropic" | "gemini" | "openrouter" | "compatible";
            /** @enum {string} */
            wire: "chat" | "responses" | "codex-responses" | "anthropic" | "gemini";
            /** @description Null: everybody has an address of their own. */
            baseUrl: string | null;
            capabilities: ("chat" | "embeddings" | "images" | "transcription")[];
            /** @description Where one gets a key; null: it needs none. */
            keysAt: string | null;
            models: components["schemas"]["KeyModel"][];
            /** @description It runs on this machine or in its network. */
            local: boolean;
        };
        KeyModel: {
            /** @description As clients name it. */
            id: string;
            /** @description As the provider names it. Default: `id`. */
            upstream?: string;
            displayName?: string;
            contextWindow?: number;
            maxOutputTokens?: number;
            /** @description Default: those of the key. */
            capabilities?: ("chat" | "embeddings" | "images" | "transcription")[];
        };
        ApiKey: {
            id: string;
            /** @description The name its models are asked for by, as in `deepseek:deepseek-chat`. */
            provider: string;
            /** @enum {string} */
            kind: "openai" | "anthropic" | "gemini" | "openrouter" | "compatible";
            /** @description The first of its models; null: it takes every name. */
            model: string | null;
            models: "all" | components["schemas"]["KeyModel"][];
            /** @description Its first and last four characters; null: it has none. */
            apiKey: string | null;
            baseUrl: string;
            label: string | null;
            capabilities: ("chat" | "embeddings" | "images" | "transcription")[];
            /** @enum {string} */
            wire: "chat" | "responses" | "codex-responses" | "anthropic" | "gemini";
            /** @enum {string} */
            status: "active" | "disabled" | "error";
            addedAt: string;
            lastUsedAt: string | null;
            /** @description Its share of the load beside other keys of the same model. */
            weight: number;
            /** @description Names of headers that every request carries; never values. */
            headers: string[];
            health: {
                /** @enum {string} */
                state: "ready" | "resting" | "disabled" | "unreadable";
                /** @description Why the whole key rests. */
                rest: {
                    /** @description What it rests from, for programs: `rate_limited`, `unauthenticated`. */
                    kind: string;
                    reason: string;
                    /** @description When it is asked again. */
                    until: string;
                } | null;
                /** @description Models of it that rest. */
                models: {
                    /** @description What it rests from, for programs: `rate_limited`, `unauthenticated`. */
                    kind: string;
                    reason: string;
                    /** @description When it is asked again. */
                    until: string;
                    model: string;
                }[];
            };
            usage: {
                requests: number;
                failed: number;
                inputTokens: number;
                outputTokens: number;
                costUsd: number;
            };
            /** @description Its way out: `global`, `direct`, `auto` or a proxy. */
            proxyId: string;
            proxyName: string;
        };
        NewApiKey: {
            /** @description A provider of the catalog, a kind (`openai`, `anthropic`, `gemini`, `openrouter`, `compatible`), or `custom`. */
            provider: string;
            /** @description The name its models are asked for by, as in `name:model`. */
            name?: string;
            /** @description `all` takes every name asked for as `provider:model`. */
            models?: "all" | (string | components["schemas"]["KeyModel"])[];
            apiKey?: string;
            baseUrl?: string;
            /** @description At most 64 characters; empty: none. */
            label?: string | null;
            capabilities?: ("chat" | "embeddings" | "images" | "transcription")[];
            /** @enum {string} */
            wire?: "chat" | "responses" | "codex-responses" | "anthropic" | "gemini";
            weight?: number;
            /** @description Sent with every request and kept sealed. Takes the place of all there were. */
            headers?: {
                [key: string]: string;
            };
            enabled?: boolean;
        };
        ApiKeyModels: {
            models: components["schemas"]["KeyModel"][];
            fetchedAt: string;
            /** @description It is what the provider said within the last 7 days. */
            cached: boolean;
        };
        ApiKeyModelsRequest: {
            /** @description Of a key that is kept; then nothing else need be said. */
            id?: string;
            provider?: string;
            apiKey?: string;
            baseUrl?: string;
            /** @enum {string} */
            wire?: "chat" | "responses" | "codex-responses" | "anthropic" | "gemini";
            headers?: {
                [key: string]: string;
            };
            /** @description Ask the provider even if its list is known. */
            refresh?: boolean;
        };
        ImportedApiKeys: {
            success: boolean;
            dryRun: boolean;
            added: number;
            updated: number;
            failed: number;
            keys: {
                /** @enum {string} */
                outcome: "added" | "updated" | "refused";
                provider: string;
                label: string | null;
                /** @description Masked. */
                apiKey: string | null;
                baseUrl: string;
                /** @description How many; null: every name. */
                models: number | null;
                /** @description Why it is refused. */
                reason: string | null;
            }[];
            problems: {
                at: string;
                message: string;
            }[];
        };
        ApiKeyImport: {
            /** @description Entries as export writes them, or those of codex-proxy. */
            keys?: unknown[];
            /** @description A whole file instead, sealed or not. */
            file?: string;
            passphrase?: string;
            /** @description Tell what would happen, and change nothing. */
            dryRun?: boolean;
        };
        ApiKeyTest: {
            ok: boolean;
            /** @description The model that was asked; null: the model list was read. */
            model: string | null;
            ms: number;
            /** @description What is wrong, for programs: `unauthenticated`. */
            code: string | null;
            /** @description In one line. */
            message: string;
        };
        ApiKeyEdit: {
            /** @description The name its models are asked for by, as in `name:model`. */
            name?: string;
            /** @description `all` takes every name asked for as `provider:model`. */
            models?: "all" | (string | components["schemas"]["KeyModel"])[];
            apiKey?: string;
            baseUrl?: string;
            /** @description At most 64 characters; empty: none. */
            label?: string | null;
            capabilities?: ("chat" | "embeddings" | "images" | "transcription")[];
            /** @enum {string} */
            wire?: "chat" | "responses" | "codex-responses" | "anthropic" | "gemini";
            weight?: number;
            /** @description Sent with every request and kept sealed. Takes the place of all there were. */
            headers?: {
                [key: string]: string;
            };
            enabled?: boolean;
        };
        Models: {
            models: components["schemas"]["Model"][];
            defaultModel: string;
            /** @description Lists of the Codex backend, plan by plan. */
            sources: {
                source: string;
                models: number;
                fetchedAt: string;
            }[];
            checkedAt: string;
        };
        Model: {
            /** @description As clients ask for it; suffixes of effort and tier may follow. */
            name: string;
            displayName: string;
            description: string | null;
            /** @enum {string} */
            kind: "model" | "alias" | "route" | "demo";
            /** @description Who answers: `codex:gpt-5.5`, `deepseek:deepseek-chat`. */
            target: string;
            provider: string;
            /** @enum {string} */
            source: "bundled" | "backend" | "configured" | "api key" | "dragoman";
            /** @description When its source said so. */
            sourceDate: string | null;
            /** @description False: it works when it is named, and no list shows it. */
            listed: boolean;
            /** @description Tokens. */
            contextWindow: number | null;
            maxContextWindow: number | null;
            maxOutputTokens: number | null;
            efforts: string[];
            defaultEffort: string | null;
            /** @description Null: nobody said. */
            inputModalities: string[] | null;
            outputModalities: string[] | null;
            capabilities: string[];
            /** @description Plans whose lists name it; null: no list says. */
            plans: string[] | null;
            price: {
                /** @description US dollars per million tokens. */
                input: number;
                cached: number;
                output: number;
                /** @description In force since that day. */
                from: string;
                tiers?: {
                    [key: string]: number | {
                        /** @description US dollars per million tokens. */
                        input: number;
                        cached: number;
                        output: number;
                    };
                };
            } | null;
            servedBy: {
                /** @description Accounts whose plan may use it. */
                accounts: number;
                readyAccounts: number;
                keys: {
                    id: string;
                    name: string;
                    ready: boolean;
                }[];
            };
        };
        ModelRouting: {
            writable: boolean;
            defaultModel: {
                name: string;
                leads: components["schemas"]["NameLeads"];
            };
            effort: string;
            serviceTier: string;
            aliases: {
                name: string;
                to: string;
                leads: components["schemas"]["NameLeads"];
            }[];
            routes: {
                name: string;
                to: string;
                leads: components["schemas"]["NameLeads"];
            }[];
            patterns: {
                name: string;
                to: string;
                /** @description Its provider is. */
                configured: boolean;
            }[];
            claudeModels: {
                name: string;
                to: string;
                leads: components["schemas"]["NameLeads"];
            }[];
            fallbacks: {
                name: string;
                steps: {
                    to: string;
                    when: ("quota" | "overloaded" | "unavailable" | "context_too_long" | "refused")[];
                    ownCases: boolean;
                    leads: components["schemas"]["NameLeads"];
                }[];
            }[];
            customModels: components["schemas"]["CustomModel"][];
            /** @description Those that names can be sent to. */
            providers: string[];
        };
        NameLeads: {
            /** @description `codex:gpt-5.5`; null: nowhere. */
            target: string | null;
            effort: string | null;
            serviceTier: string | null;
            /** @enum {string|null} */
            problem: "circle" | "unknown" | null;
            /** @description What is wrong, in one line. */
            message: string | null;
        };
        CustomModel: {
            id: string;
            displayName?: string;
            efforts?: string[];
            defaultEffort?: string;
            contextWindow?: number;
            maxOutputTokens?: number;
        };
        ModelRoutingProblem: {
            /** @description The place in what was sent. */
            pointer: string;
            /** @enum {string} */
            code: "circle" | "unknown";
            message: string;
            /** @description It cannot be saved like that. */
            refused: boolean;
        };
        ModelRoutingChange: {
            defaultModel?: string | null;
            /** @description Names of your own; a target may carry suffixes such as `-high`. */
            aliases?: {
                [key: string]: string;
            } | null;
            /** @description Where single names go: a provider, `provider:model` or a model. */
            routes?: {
                [key: string]: string;
            } | null;
            /** @description Providers of names that nothing else knows, by pattern with *; the first that fits wins. */
            patterns?: {
                [key: string]: string;
            } | null;
            /** @description Models that answer for families of Claude models that nobody serves. */
            claudeModels?: {
                [key: string]: string;
            } | null;
            fallbacks?: {
                [key: string]: {
                    to: string;
                    when?: ("quota" | "overloaded" | "unavailable" | "context_too_long" | "refused")[];
                }[];
            } | null;
            customModels?: components["schemas"]["CustomModel"][] | null;
        };
        Explanation: {
            model: string;
            route: {
                asked: string;
                /** @description What was looked up: the default, when no model was named. */
                name: string;
                rules: {
                    /** @description What was looked up at this rule. */
                    name: string;
                    /** @enum {string} */
                    rule: "api_key_model" | "provider_prefix" | "demo" | "alias" | "routes" | "codex_catalog" | "patterns" | "claude_models";
                    /** @enum {string} */
                    outcome: "decided" | "no" | "shadowed";
                    says: string;
                    /** @description The name or the target that it leads to. */
                    to?: string;
                }[];
                suffixes: string[];
                targets: {
                    /** @enum {string} */
                    provider: "codex" | "keys" | "demo";
                    model: string;
                    within?: string;
                    effort?: string;
                    serviceTier?: string;
                    why: string;
                    when?: ("quota" | "overloaded" | "unavailable" | "context_too_long" | "refused")[];
                }[];
                leftOut: {
                    step: string;
                    when?: ("quota" | "overloaded" | "unavailable" | "context_too_long" | "refused")[];
                    reason: string;
                }[];
                problem?: string;
            };
            targets: {
                target: string;
                why: string;
                when?: ("quota" | "overloaded" | "unavailable" | "context_too_long" | "refused")[];
                candidates: {
                    label: string;
                    provider?: string;
                    /** @enum {string} */
                    verdict: "taken" | "next" | "skipped";
                    reason: string;
                }[];
                /** @description Nobody is ready: what a client would be told. */
                nobody?: string;
            }[];
            failure?: unknown;
            nearest?: string[];
        };
        ExplainedRequest: {
            /** @description What happened to it. */
            request?: unknown;
            now: components["schemas"]["Explanation"];
        };
        Overview: {
            version: string;
            started_at: string;
            now: string;
            listeners: string[];
            ollama: {
                enabled: boolean;
                url: string | null;
                error: string | null;
            };
            pool: {
                strategy: string;
                total: number;
                states: {
                    active: number;
                    cooling: number;
                    exhausted: number;
                    expired: number;
                    suspended: number;
                    disabled: number;
                };
                /** @description Requests that wait in line for an account. */
                waiting: number;
            };
            api_keys: {
                total: number;
                enabled: number;
            };
            client_keys: number;
            serving: {
                /** @description Answers under way. */
                open: number;
                accounts: {
                    id: string;
                    name: string;
                    open: number;
                }[];
                client_keys: {
                    id: string;
                    name: string;
                    open: number;
                }[];
            };
            /** @description The last hour, minute by minute; the last minute is under way. */
            minutes: {
                at: string[];
                requests: number[];
                failed: number[];
            };
            hour: components["schemas"]["UsageCounts"];
            today: components["schemas"]["UsageCounts"] & {
                from: string;
                /** @description Of the cost what was asked of API keys, which is to be paid. */
                keys_cost_usd: number;
            };
            /** @description Until this time of the day. */
            yesterday: components["schemas"]["UsageCounts"] & {
                from: string;
                /** @description Of the cost what was asked of API keys, which is to be paid. */
                keys_cost_usd: number;
            };
            /** @description The last 24 hours, one value each. */
            trend: {
                at: string[];
                request_count: number[];
                request_failed_count: number[];
                input_tokens: number[];
                cached_tokens: number[];
                output_tokens: number[];
                estimated_cost_usd: number[];
                ttft_p50_ms: (number | null)[];
            };
            quota: {
                /** @description Percent that accounts in use have left of their own windows, on average. */
                left: {
                    primary: number | null;
                    secondary: number | null;
                };
                /** @description Those nearest to full first, at most 24. */
                accounts: {
                    id: string;
                    name: string;
                    plan: string | null;
                    /** @enum {string} */
                    state: "active" | "cooling" | "exhausted" | "expired" | "suspended" | "disabled";
                    reason: string | null;
                    until: string | null;
                    open: number;
                    windows: {
                        /** @description `codex` is the account’s own; others belong to models or features. */
                        limit: string;
                        name: string | null;
                        /** @enum {string} */
                        slot: "primary" | "secondary";
                        allowed: boolean;
                        limit_reached: boolean;
                        used_percent: number;
                        remaining_percent: number;
                        /** @description Unix seconds, as everywhere in a quota. */
                        reset_at: number | null;
                        limit_window_seconds: number | null;
                        /** @enum {string} */
                        source: "usage" | "header" | "refusal";
                        told_at: string | null;
                        doubted_at: string | null;
                    }[];
                }[];
            };
            warnings: components["schemas"]["OverviewWarning"][];
            events: {
                id: string;
                at: number;
                /** @enum {string} */
                level: "info" | "warning" | "critical";
                type: string;
                sentence: string;
            }[];
        };
        /** @description The last 60 minutes, in steps of five. */
        UsageCounts: {
            input_tokens: number;
            output_tokens: number;
            /** @description Among the input. */
            cached_tokens: number;
            image_input_tokens: number;
            image_output_tokens: number;
            image_request_count: number;
            image_request_failed_count: number;
            /** @description At the list prices of the vendors’ APIs. */
            estimated_cost_usd: number;
            /** @description All that ended, however they did. */
            request_count: number;
            /** @description Among the output. */
            reasoning_tokens: number;
            request_failed_count: number;
            /** @description The client left. Not among the failed. */
            request_cancelled_count: number;
            unpriced_request_count: number;
            ttft_avg_ms: number | null;
            ttft_p50_ms: number | null;
            ttft_p95_ms: number | null;
            duration_avg_ms: number | null;
            duration_p50_ms: number | null;
            duration_p95_ms: number | null;
        };
        OverviewWarning: {
            /** @enum {string} */
            kind: "no_candidate";
        } | {
            /** @enum {string} */
            kind: "login";
            account_id: string;
            name: string;
            reason: string | null;
        } | {
            /** @enum {string} */
            kind: "suspended";
            account_id: string;
            name: string;
            reason: string | null;
        } | {
            /** @enum {string} */
            kind: "attention";
            account_id: string;
            name: string;
            reason: string;
        } | {
            /** @enum {string} */
            kind: "quota";
            account_id: string;
            name: string;
            limit: string;
            /** @enum {string} */
            slot: "primary" | "secondary";
            used_percent: number;
            reset_at: string | null;
            critical: boolean;
        } | {
            /** @enum {string} */
            kind: "proxy";
            name: string;
            reason: string | null;
        } | {
            /** @enum {string} */
            kind: "errors";
            count: number;
        } | {
            /** @enum {string} */
            kind: "unpriced";
            count: number;
        };
        UsageSummary: {
            total_input_tokens: number;
            total_output_tokens: number;
            total_cached_tokens: number;
            total_image_input_tokens: number;
            total_image_output_tokens: number;
            total_image_request_count: number;
            total_image_request_failed_count: number;
            total_estimated_cost_usd: number;
            total_request_count: number;
            total_reasoning_tokens: number;
            total_request_failed_count: number;
            total_request_cancelled_count: number;
            total_unpriced_request_count: number;
            ttft_avg_ms: number | null;
            ttft_p50_ms: number | null;
            ttft_p95_ms: number | null;
            duration_avg_ms: number | null;
            duration_p50_ms: number | null;
            duration_p95_ms: number | null;
            total_accounts: number;
            active_accounts: number;
            /** @description The day of the newest price of the list. */
            prices_as_of: string;
        };
        UsageSeries: {
            granularity: string;
            from: string;
            to: string;
            timestamps: string[];
            series: {
                group?: string;
                name?: string | null;
                request_count: number[];
                request_failed_count: number[];
                request_cancelled_count: number[];
                input_tokens: number[];
                cached_tokens: number[];
                output_tokens: number[];
                reasoning_tokens: number[];
                image_input_tokens: number[];
                image_output_tokens: number[];
                image_request_count: number[];
                estimated_cost_usd: number[];
                ttft_p50_ms: (number | null)[];
                ttft_p95_ms: (number | null)[];
                duration_p50_ms: (number | null)[];
                duration_p95_ms: (number | null)[];
            }[];
        };
        UsageHours: {
            time_zone: string;
            from: string | null;
            to: string;
            /** @description Seven days from Sunday on, of 24 hours each. */
            request_count: number[][];
            /** @description Seven days from Sunday on, of 24 hours each. */
            request_failed_count: number[][];
            /** @description Seven days from Sunday on, of 24 hours each. */
            input_tokens: number[][];
            /** @description Seven days from Sunday on, of 24 hours each. */
            cached_tokens: number[][];
            /** @description Seven days from Sunday on, of 24 hours each. */
            output_tokens: number[][];
            /** @description Seven days from Sunday on, of 24 hours each. */
            estimated_cost_usd: number[][];
        };
        UsageTable: {
            group_by: string;
            from: string | null;
            to: string;
            rows: components["schemas"]["UsageRow"][];
            total: components["schemas"]["UsageCounts"];
        };
        UsageRow: {
            /** @description Its id; a model’s is `provider:model`. Empty: nobody’s, or not known. */
            group: string;
            name: string | null;
            input_tokens: number;
            output_tokens: number;
            /** @description Among the input. */
            cached_tokens: number;
            image_input_tokens: number;
            image_output_tokens: number;
            image_request_count: number;
            image_request_failed_count: number;
            /** @description At the list prices of the vendors’ APIs. */
            estimated_cost_usd: number;
            /** @description All that ended, however they did. */
            request_count: number;
            /** @description Among the output. */
            reasoning_tokens: number;
            request_failed_count: number;
            /** @description The client left. Not among the failed. */
            request_cancelled_count: number;
            unpriced_request_count: number;
            ttft_avg_ms: number | null;
            ttft_p50_ms: number | null;
            ttft_p95_ms: number | null;
            duration_avg_ms: number | null;
            duration_p50_ms: number | null;
            duration_p95_ms: number | null;
        };
        Pool: {
            strategy: string;
            /** @description Requests that wait in line for an account. */
            waiting: number;
            cache: components["schemas"]["CacheFigures"] & {
                moves: number;
                lost_tokens: number;
            };
            accounts: {
                id: string;
                name: string;
                status: string;
                open: number;
                cache: components["schemas"]["CacheFigures"];
            }[];
            /** @description The last moves of conversations, the newest first. */
            moves: {
                conversation: string;
                from: string;
                to: string;
                why: string;
                at: string;
                cached_tokens_before: number;
                cached_tokens_after: number;
                lost_tokens: number;
            }[];
        };
        CacheFigures: {
            requests: number;
            input_tokens: number;
            cached_tokens: number;
            /** @description Cached of all input tokens, from 0 to 1; null before the first. */
            hit_rate: number | null;
        };
        Connect: {
            /** @description Where clients find this gateway, the one to offer first. Without a path. */
            addresses: {
                url: string;
                /** @enum {string} */
                kind: "public" | "this page" | "listener";
            }[];
            ollama: {
                enabled: boolean;
                listening: boolean;
                url: string | null;
                error: string | null;
                needs_key: boolean;
            };
            /** @description Answers when it is asked now: `demo` while nothing else can. */
            default_model: string;
            /** @description For small tasks in the background of a client. */
            small_model: string;
            models: {
                id: string;
                name: string;
                provider: string;
            }[];
            /** @description The client keys that are good now; what they are is not kept anywhere. */
            keys: {
                id: string;
                name: string;
                prefix: string;
                any_model: boolean;
            }[];
            accounts: number;
            api_keys: number;
            /** @description No account, no API key, and nothing was asked yet. */
            is_new: boolean;
        };
        ClientKey: {
            id: string;
            name: string;
            /** @description How the key begins, to recognise it by. */
            prefix: string;
            /** @enum {string} */
            status: "active" | "disabled" | "expired";
            enabled: boolean;
            created_at: string | null;
            expires_at: string | null;
            last_used_at: string | null;
            /** @description When what it has used began to be counted. */
            since: string | null;
            request_count: number;
            max_budget_usd: number | null;
            used_cost_usd: number;
            max_tokens: number | null;
            used_tokens: number;
            budgets: {
                day: {
                    max_budget_usd: number | null;
                    used_cost_usd: number;
                    max_tokens: number | null;
                    used_tokens: number;
                    resets_at: string | null;
                };
                month: {
                    max_budget_usd: number | null;
                    used_cost_usd: number;
                    max_tokens: number | null;
                    used_tokens: number;
                    resets_at: string | null;
                };
                total: {
                    max_budget_usd: number | null;
                    used_cost_usd: number;
                    max_tokens: number | null;
                    used_tokens: number;
                    resets_at: string | null;
                };
            };
            requests_per_minute: number | null;
            max_concurrency: number | null;
            allowed_models: string[] | null;
            default_tools: string[] | null;
            strict: boolean;
            accounts: string[] | null;
            /** @description A newer version wrote its limits: it is refused. */
            limits_unreadable: boolean;
        };
        NewClientKey: {
            name: string;
            /** @description One of your own, of at least 128 bits. Default: a new one. */
            key?: string;
            /** @description ISO 8601, or unix ms; null: never. */
            expires_at?: string | number | null;
            /** @description The same as `budgets.total.max_budget_usd`. */
            max_budget_usd?: number | null;
            /** @description The same as `budgets.total.max_tokens`. */
            max_tokens?: number | null;
            /** @description Requests that it may have open. */
            max_concurrency?: number | null;
            /** @description Null: all. */
            allowed_models?: string[] | null;
            /** @description Hosted tools that its requests get; null: those of the configuration, empty: none. */
            default_tools?: ("web_search" | "image_generation")[] | null;
            /** @description Days and months begin at midnight UTC. What is absent stays, null takes it away. */
            budgets?: {
                day?: components["schemas"]["ClientKeyPeriodLimits"];
                month?: components["schemas"]["ClientKeyPeriodLimits"];
                total?: components["schemas"]["ClientKeyPeriodLimits"];
            };
            requests_per_minute?: number | null;
            /** @description Refuse what would lose something in translation. */
            strict?: boolean;
            /** @description Ids of accounts and names of groups that alone may serve it; null: all. */
            accounts?: string[] | null;
        };
        ClientKeyPeriodLimits: {
            max_budget_usd?: number | null;
            max_tokens?: number | null;
        };
        ClientKeyChange: {
            name?: string;
            /** @description ISO 8601, or unix ms; null: never. */
            expires_at?: string | number | null;
            /** @description The same as `budgets.total.max_budget_usd`. */
            max_budget_usd?: number | null;
            /** @description The same as `budgets.total.max_tokens`. */
            max_tokens?: number | null;
            /** @description Requests that it may have open. */
            max_concurrency?: number | null;
            /** @description Null: all. */
            allowed_models?: string[] | null;
            /** @description Hosted tools that its requests get; null: those of the configuration, empty: none. */
            default_tools?: ("web_search" | "image_generation")[] | null;
            /** @description Days and months begin at midnight UTC. What is absent stays, null takes it away. */
            budgets?: {
                day?: components["schemas"]["ClientKeyPeriodLimits"];
                month?: components["schemas"]["ClientKeyPeriodLimits"];
                total?: components["schemas"]["ClientKeyPeriodLimits"];
            };
            requests_per_minute?: number | null;
            /** @description Refuse what would lose something in translation. */
            strict?: boolean;
            /** @description Ids of accounts and names of groups that alone may serve it; null: all. */
            accounts?: string[] | null;
        };
        ProxyAssignment: {
            /** @description An account, an API key, or `login`: signing in a new account. */
            accountId: string;
            /** @description `global`, `direct`, `auto`, or the id of a proxy. */
            proxyId: string;
            /** @description Null when the proxy was removed: then nothing goes out. */
            proxyName: string | null;
        };
        ProxyOwner: {
            id: string;
            /**
             * @description `login`: signing in a new account.
             * @enum {string}
             */
            kind: "account" | "api_key" | "login";
            name: string;
            /** @description The plan of an account, the provider of an API key. */
            detail: string | null;
            status: string;
            groups: string[];
            proxyId: string;
            proxyName: string | null;
        };
        WrittenProxyAssignment: {
            email: string;
            /** @description The ChatGPT account id; without it all with the address. */
            workspace?: string;
            proxyId?: string;
            proxyName?: string;
        };
        ProxyAssignmentPreview: {
            changes: {
                accountId: string;
                email: string;
                /** @description The way that it goes now, by name. */
                from: string;
                to: string;
                proxyId: string;
            }[];
            unchanged: number;
            unknown: {
                email: string;
                /** @enum {string} */
                reason: "no_account" | "no_proxy";
            }[];
        };
        ProxyAssignmentImport: {
            assignments: components["schemas"]["WrittenProxyAssignment"][] | {
                [key: string]: string;
            };
        };
        ProxyImportResult: {
            dryRun: boolean;
            added: number;
            updated: number;
            unchanged: number;
            /** @description Said again in the same list. */
            duplicates: number;
            proxies: {
                name: string | null;
                /** @description With the password masked. */
                url: string;
                /**
                 * @description `private`: on this machine or in its network, and left out.
                 * @enum {string}
                 */
                outcome: "added" | "updated" | "unchanged" | "private";
            }[];
            /** @description What is no proxy, by its line. Nothing of the text itself: any piece may be a password. */
            problems: {
                line: number;
                message: string;
            }[];
        };
        ProxyImport: {
            /** @description YAML or JSON, or lines: URLs, `host:port:user:password`, `user:password@host:port`. */
            text?: string;
            /** @description The same; the predecessors call it so. */
            yaml?: string;
            /**
             * @description Of lines that name none. Default: http.
             * @enum {string}
             */
            protocol?: "http" | "https" | "socks5" | "socks5h";
            /** @description Take also those on this machine or in its network. */
            allowPrivate?: boolean;
            /** @description Only say what would be. */
            dryRun?: boolean;
        };
        Proxy: {
            id: string;
            name: string;
            /** @description With the password masked. */
            url: string;
            protocol: string;
            host: string;
            port: number;
            /** @description Null also for one without a password: often a token. */
            username: string | null;
            hasPassword: boolean;
            enabled: boolean;
            /** @enum {string} */
            status: "active" | "unreachable" | "disabled";
            /** @enum {string} */
            state: "good" | "unchecked" | "unreachable" | "disabled";
            /** @description Null as long as nothing is known. */
            health: {
                exitIp: string | null;
                latencyMs: number | null;
                lastChecked: string | null;
                error: string | null;
            } | null;
            /** @description The last checks since the gateway was started, the newest last. */
            checks: {
                at: string;
                latencyMs: number | null;
                exitIp: string | null;
                error: string | null;
            }[];
            /** @description Who is assigned to it. */
            owners: string[];
        };
        NewProxy: {
            name?: string;
            /** @enum {string} */
            protocol?: "http" | "https" | "socks5" | "socks5h";
            host?: string;
            port?: number | string;
            /** @description A URL, `host:port:user:password`, or `user:password@host:port`; else send the pieces. */
            url?: string;
            username?: string;
            password?: string;
            /** @description It may lie on this machine or in its network. */
            allowPrivate?: boolean;
        };
        ProxyChange: {
            name?: string;
            /** @enum {string} */
            protocol?: "http" | "https" | "socks5" | "socks5h";
            host?: string;
            port?: number | string;
            username?: string | null;
            /** @description Null takes it away. */
            password?: string | null;
            enabled?: boolean;
            allowPrivate?: boolean;
        };
        PlaygroundKey: {
            key: string;
            /** @description ISO 8601. */
            expires_at: string;
        };
        Config: {
            settings: components["schemas"]["Setting"][];
            /** @description What is wrong with the file now; what it said before is in force. */
            problems: {
                where: string;
                key: string;
                message: string;
            }[];
            /** @description Where the file lies. */
            path?: string;
            writable: boolean;
        };
        Setting: {
            /** @example server.port */
            path: string;
            /** @example server */
            section: string;
            /** @enum {string} */
            type: "text" | "number" | "boolean" | "choice" | "list" | "map";
            /** @description Of a choice, and of a list of such words. */
            choices?: string[];
            minimum?: number;
            maximum?: number;
            /** @description A number without a fraction. */
            whole?: boolean;
            /**
             * @description What a list or a map is made of.
             * @enum {string}
             */
            holds?: "text" | "anything";
            default?: unknown;
            /** @description What is in force. */
            value?: unknown;
            /** @enum {string} */
            source: "default" | "file" | "environment" | "flag";
            /** @description The environment variable that sets it, or that could. */
            variable: string;
            description: string;
            descriptionZh: string;
            /** @description Read when the gateway starts. */
            atStart: boolean;
            /** @description The gateway still runs with another value. */
            restartPending: boolean;
            /** @description The environment or a flag wins over what is saved. */
            locked: boolean;
            /** @description A change needs a fresh sign-in. */
            guarded: boolean;
            /** @description Parts of the value are secrets and stand as dots. */
            masked: boolean;
        };
        SavedSettings: {
            saved: string[];
            /** @description In force when the gateway is started again. */
            restartRequired: string[];
            /** @description A variable or a flag wins. */
            overridden: string[];
        };
        UpdateStatus: {
            current_version: string;
            /** @description Is there a feed to ask? */
            enabled: boolean;
            latest_version: string | null;
            /** @description Null before it was asked. */
            update_available: boolean | null;
            /** @description Where the new version is told of. */
            url: string | null;
            checked_at: string | null;
            error: string | null;
            /** @enum {string} */
            installation: "npm" | "docker" | "git";
            /** @description What installs the newest version here. */
            command: string;
        };
        ConnectionCheck: {
            /** @enum {string} */
            name: "server" | "accounts" | "transport" | "upstream";
            /** @enum {string} */
            status: "pass" | "fail" | "skip";
            latencyMs: number;
            detail: string | null;
            error: string | null;
            facts: {
                [key: string]: string | number;
            };
        };
        LogLine: {
            time: string;
            /** @enum {string} */
            level: "debug" | "info" | "warn" | "error";
            message: string;
            fields: {
                [key: string]: unknown;
            };
        };
        Login: {
            id: string;
            /** @enum {string} */
            kind: "browser" | "device";
            /** @enum {string} */
            state: "waiting" | "done" | "failed" | "expired";
            startedAt: string;
            expiresAt: string;
            /** @enum {string|null} */
            outcome: "added" | "updated" | "unchanged" | null;
            account: {
                id: string;
                email: string | null;
                label: string | null;
                planType: string | null;
            } | null;
            error: string | null;
            code: string | null;
        };
        FoundLogin: {
            /** @enum {string} */
            program: "codex" | "codex-proxy" | "codex-proapi" | "cliproxyapi" | "opencode";
            path: string;
            /** @description It can be followed instead of copied. */
            linkable: boolean;
            accounts: {
                name: string | null;
                /** @enum {string} */
                outcome: "added" | "updated" | "unchanged" | "failed" | "unknown";
                message: string | null;
            }[];
            /** @description Why nothing can be taken from it. */
            problem: string | null;
        };
        Imported: {
            success: boolean;
            dryRun: boolean;
            added: number;
            updated: number;
            unchanged: number;
            /** @description In a dry run: what only a refresh token can tell, which is not used then. */
            unknown: number;
            failed: number;
            errors: string[];
            entries: {
                /** @description Where it stands: `accounts[3]`, `line 7`. */
                place: string;
                format: string;
                /** @enum {string} */
                outcome: "added" | "updated" | "unchanged" | "failed" | "unknown";
                id?: string;
                name?: string;
                message?: string;
            }[];
        };
        Account: {
            id: string;
            email: string | null;
            accountId: string;
            userId: string | null;
            label: string | null;
            /** @enum {string} */
            codexFingerprintMode: "off" | "session";
            planType: string | null;
            /**
             * @description In the predecessors’ words.
             * @enum {string}
             */
            status: "active" | "rate_limited" | "quota_exhausted" | "expired" | "banned" | "disabled";
            /** @enum {string} */
            state: "active" | "cooling" | "exhausted" | "expired" | "suspended" | "disabled";
            reason: string | null;
            /** @enum {string|null} */
            reasonCode: "rate_limited" | "challenged" | "refused" | "fresh_token_refused" | "quota_reached" | "credit_used_up" | "login_revoked" | "login_expired" | "login_used_elsewhere" | "login_lost" | "login_refused" | "login_ended" | "linked_file" | "deactivated" | "refused_often" | "switched_off" | "other" | null;
            heals: components["schemas"]["Heals"];
            /**
             * Format: date-time
             * @description When it is looked at again.
             */
            until: string | null;
            /** @description It serves, but not for ever: what its owner should do. */
            attention: string | null;
            /** @enum {string|null} */
            attentionCode: "rate_limited" | "challenged" | "refused" | "fresh_token_refused" | "quota_reached" | "credit_used_up" | "login_revoked" | "login_expired" | "login_used_elsewhere" | "login_lost" | "login_refused" | "login_ended" | "linked_file" | "deactivated" | "refused_often" | "switched_off" | "other" | null;
            note: string | null;
            groups: string[];
            weight: number;
            maxConcurrent: number | null;
            /** @description Requests that it has open now. */
            open: number;
            linkedTo: string | null;
            hasCookies: boolean;
            usage: {
                request_count: number;
                failed_count: number;
                input_tokens: number;
                output_tokens: number;
                cached_tokens: number;
                reasoning_tokens: number;
                estimated_cost_usd: number;
                image_input_tokens: number;
                image_output_tokens: number;
                image_request_count: number;
                image_request_failed_count: number;
                /**
                 * Format: date-time
                 * @description When it last answered.
                 */
                last_used: string | null;
            };
            /**
             * Format: date-time
             * @description When it was added.
             */
            addedAt: string | null;
            /**
             * Format: date-time
             * @description When its access token ends.
             */
            expiresAt: string | null;
            quota?: components["schemas"]["Quota"];
            /**
             * Format: date-time
             * @description When its quota was told.
             */
            quotaFetchedAt?: string | null;
            quotaVerifyRequired?: boolean;
            /** @description `global`, `direct`, `auto`, or the id of a proxy. */
            proxyId: string;
            proxyName: string;
        };
        Heals: {
            /**
             * @description `time`: it serves again at `at`. `probe`: it is tried at `at`. `sign_in`: a new login. `owner`: its owner enables it.
             * @enum {string}
             */
            how: "time" | "sign_in" | "probe" | "owner";
            /** Format: date-time */
            at?: string;
        } | null;
        Quota: {
            plan_type: string | null;
            rate_limit: components["schemas"]["QuotaWindowNow"];
            secondary_rate_limit: components["schemas"]["QuotaWindowNow"];
            code_review_rate_limit: components["schemas"]["QuotaWindowNow"];
            rate_limits_by_limit_id: {
                [key: string]: {
                    allowed?: boolean;
                    limit_reached?: boolean;
                    used_percent?: number;
                    remaining_percent?: number;
                    /** @description Unix seconds, as the backend counts. */
                    reset_at?: number | null;
                    limit_window_seconds?: number | null;
                    limit_id: string;
                    limit_name: string | null;
                    secondary_rate_limit: components["schemas"]["QuotaWindowNow"];
                };
            };
            credits: {
                has_credits: boolean;
                unlimited: boolean;
                balance: string | null;
                /** @enum {string} */
                source: "usage" | "header" | "refusal";
                /**
                 * Format: date-time
                 * @description When it was told.
                 */
                told_at: string | null;
            } | null;
            reset_credits_available: number | null;
            windows: {
                allowed: boolean;
                limit_reached: boolean;
                used_percent: number;
                remaining_percent: number;
                /** @description Unix seconds, as the backend counts. */
                reset_at: number | null;
                limit_window_seconds: number | null;
                /** @description `codex` is the account’s own; others belong to models or features. */
                limit: string;
                /** @description As the backend calls the limit. */
                name: string | null;
                /** @enum {string} */
                slot: "primary" | "secondary";
                /**
                 * @description Who said it.
                 * @enum {string}
                 */
                source: "usage" | "header" | "refusal";
                /**
                 * Format: date-time
                 * @description When it was told.
                 */
                told_at: string | null;
                /**
                 * Format: date-time
                 * @description When something spoke against the lock.
                 */
                doubted_at: string | null;
            }[];
            /**
             * Format: date-time
             * @description When the newest of it was told.
             */
            told_at: string | null;
        };
        QuotaWindowNow: {
            allowed: boolean;
            limit_reached: boolean;
            used_percent: number;
            remaining_percent: number;
            /** @description Unix seconds, as the backend counts. */
            reset_at: number | null;
            limit_window_seconds: number | null;
        } | null;
        HealthReport: {
            summary: {
                total: number;
                alive: number;
                dead: number;
                skipped: number;
            };
            results: {
                id: string;
                email?: string;
                previousStatus?: string;
                /** @enum {string} */
                result: "alive" | "dead" | "skipped";
                error?: string;
                durationMs?: number;
            }[];
        };
        Event: {
            id: string;
            /** @description Unix ms. */
            at: number;
            /** @enum {string} */
            level: "info" | "warning" | "critical";
            /** @enum {string} */
            type: "account_state" | "quota_warning" | "quota_back" | "login_needed" | "refresh_failed" | "conversation_moved" | "fallback_used" | "proxy_down" | "budget_reached" | "configuration" | "started" | "stopped";
            accountId?: string;
            apiKeyId?: string;
            clientKeyId?: string;
            names: {
                [key: string]: {
                    label?: string;
                    email?: string;
                };
            };
            /** @description By its type. */
            data: {
                [key: string]: unknown;
            };
            /** @description In the language that was asked for. */
            sentence: string;
        };
        QuotaWarning: {
            accountId: string;
            window: string;
            level: string;
            usedPercent: number;
            /** @description Unix seconds. */
            resetAt: number | null;
        } & {
            [key: string]: unknown;
        };
        LoggedRequest: {
            /** @description `x-request-id` of the reply. */
            requestId: string;
            /** @description When it began, ISO 8601. */
            timestamp: string;
            /** @enum {string} */
            method: "POST";
            path: string;
            /** @description The protocol that the client spoke. */
            dialect: string;
            /** @description As the client named it. */
            model: string;
            /** @description The program that asked, `codex`. */
            client: string | null;
            key: components["schemas"]["Named"];
            stream: boolean;
            /** @description `log_…`; of two, the one that ended later is greater. */
            id: string;
            /**
             * @description `egress`: some upstream was asked.
             * @enum {string}
             */
            direction: "ingress" | "egress";
            /**
             * @description `cancelled`: the client left.
             * @enum {string}
             */
            outcome: "ok" | "failed" | "cancelled";
            status: number | null;
            /** @description Who answered, or was asked last. */
            provider: string | null;
            upstreamModel: string | null;
            /** @description `provider:model` */
            route: string | null;
            /** @description The ChatGPT account or the API key. */
            account: components["schemas"]["Named"] | null;
            /** @description From the beginning to the end. */
            latencyMs: number | null;
            /** @description The same. */
            durationMs: number | null;
            /** @description To the first output. */
            ttftMs: number | null;
            /** @description How long it waited for a free account. */
            queuedMs: number | null;
            tokensPerSecond: number | null;
            /** @description At API prices. Null: its model has no price. */
            costUsd: number | null;
            usage: components["schemas"]["RequestTokens"] | null;
            serviceTier: string | null;
            attemptCount: number;
            /** @description What its translation cost. */
            noteCount: number;
            fallbackCount: number;
            /** @description Its conversation went to another account. */
            moved: boolean;
            error: string | null;
            errorKind: string | null;
            /** @description What was said is kept. */
            hasBodies: boolean;
        };
        Named: {
            id: string;
            name: string;
        };
        RequestTokens: {
            inputTokens: number;
            /** @description Among the input. */
            cachedTokens: number;
            outputTokens: number;
            /** @description Among the output. */
            reasoningTokens: number;
            imageInputTokens?: number;
            imageOutputTokens?: number;
        };
        RequestTotals: {
            requests: number;
            succeeded: number;
            failed: number;
            cancelled: number;
            /** @description 0 to 1, of those whose client stayed. */
            successRate: number | null;
            avgTtftMs: number | null;
            avgLatencyMs: number | null;
            avgTokensPerSecond: number | null;
            inputTokens: number;
            cachedTokens: number;
            outputTokens: number;
            reasoningTokens: number;
            costUsd: number;
            /** @description Requests whose model has no price. */
            unpriced: number;
        };
        RunningRequest: {
            /** @description `x-request-id` of the reply. */
            requestId: string;
            /** @description When it began, ISO 8601. */
            timestamp: string;
            /** @enum {string} */
            method: "POST";
            path: string;
            /** @description The protocol that the client spoke. */
            dialect: string;
            /** @description As the client named it. */
            model: string;
            /** @description The program that asked, `codex`. */
            client: string | null;
            key: components["schemas"]["Named"];
            stream: boolean;
        };
        RequestLogState: {
            enabled: boolean;
            /** @description Until it goes on, or the gateway starts again. */
            paused: boolean;
            captureBodies: boolean;
            /** @description Requests that could not be kept since the start. */
            dropped: number;
        };
        LoggedRequestDetail: {
            /** @description `x-request-id` of the reply. */
            requestId: string;
            /** @description When it began, ISO 8601. */
            timestamp: string;
            /** @enum {string} */
            method: "POST";
            path: string;
            /** @description The protocol that the client spoke. */
            dialect: string;
            /** @description As the client named it. */
            model: string;
            /** @description The program that asked, `codex`. */
            client: string | null;
            key: components["schemas"]["Named"];
            stream: boolean;
            /** @description `log_…`; of two, the one that ended later is greater. */
            id: string;
            /**
             * @description `egress`: some upstream was asked.
             * @enum {string}
             */
            direction: "ingress" | "egress";
            /**
             * @description `cancelled`: the client left.
             * @enum {string}
             */
            outcome: "ok" | "failed" | "cancelled";
            status: number | null;
            /** @description Who answered, or was asked last. */
            provider: string | null;
            upstreamModel: string | null;
            /** @description `provider:model` */
            route: string | null;
            /** @description The ChatGPT account or the API key. */
            account: components["schemas"]["Named"] | null;
            /** @description From the beginning to the end. */
            latencyMs: number | null;
            /** @description The same. */
            durationMs: number | null;
            /** @description To the first output. */
            ttftMs: number | null;
            /** @description How long it waited for a free account. */
            queuedMs: number | null;
            tokensPerSecond: number | null;
            /** @description At API prices. Null: its model has no price. */
            costUsd: number | null;
            usage: components["schemas"]["RequestTokens"] | null;
            serviceTier: string | null;
            attemptCount: number;
            /** @description What its translation cost. */
            noteCount: number;
            fallbackCount: number;
            /** @description Its conversation went to another account. */
            moved: boolean;
            error: string | null;
            errorKind: string | null;
            /** @description What was said is kept. */
            hasBodies: boolean;
            /** @description Which rule led to its route. */
            why: string | null;
            attempts: {
                candidate: string;
                id: string | null;
                /** @description Why it was its turn. */
                why: string | null;
                provider: string | null;
                model: string | null;
                /** @description `ok`, or the kind of its failure. */
                outcome: string;
                message: string | null;
                status: number | null;
                /** @description After the beginning of the request. */
                startMs: number | null;
                ms: number;
            }[];
            fallbacks: string[];
            move: {
                from: components["schemas"]["Named"];
                to: components["schemas"]["Named"];
                why: string;
            } | null;
            notes: {
                /** @description Into the client’s body, a JSON pointer. */
                pointer: string;
                /** @enum {string} */
                what: "dropped" | "approximated" | "emulated";
                why: string;
            }[];
            failure: {
                kind: string;
                scope: string;
                phase: string;
                message: string;
                code: string | null;
                pointer: string | null;
                retryAt: string | null;
                upstream: {
                    status: number;
                    code: string | null;
                    requestId: string | null;
                } | null;
            } | null;
            /** @description What the client sent, when that is kept. */
            request: components["schemas"]["KeptBody"] | null;
            /** @description What went upstream, one for each attempt that got so far. */
            upstreamRequests: components["schemas"]["KeptBody"][];
            /** @description What the client was told, in one piece. */
            response: components["schemas"]["KeptBody"] | null;
            replayable: boolean;
        };
        KeptBody: {
            json?: unknown;
            /** @description Some of it was too long to keep. */
            cut: boolean;
            /** @description Texts that were, or held, secrets; these were taken out. */
            secrets: number;
        };
        Replay: {
            /** @description Of the new request. */
            requestId: string;
            status: number;
            ms: number;
            contentType: string;
            /** @description As the client would have got it. */
            body: string;
            /** @description Secrets had been taken out of the body, so it is not quite the same. */
            changed: boolean;
        };
        Cassette: {
            [key: string]: unknown;
        };
        ErrorGroup: {
            id: string;
            /** @enum {string} */
            source: "request" | "server" | "renderer" | "main" | "external";
            kind: string;
            /** @description Of the last one; the others differ in numbers and ids alone. */
            message: string;
            /** @description Where it happened, of those with a stack. */
            frame: string;
            firstSeen: string;
            lastSeen: string;
            count: number;
            unread: number;
            models: string[];
            accounts: {
                id: string;
                name: string;
            }[];
        };
        LoggedError: {
            id: string;
            group: string;
            timestamp: string;
            /** @enum {string} */
            source: "request" | "server" | "renderer" | "main" | "external";
            error: {
                name: string;
                message: string;
                stack: string | null;
            };
            requestId: string | null;
            model: string | null;
            status: number | null;
            context?: unknown;
        };
        ErrorCount: {
            total: number;
            unread: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
