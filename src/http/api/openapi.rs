//! The OpenAPI document, made of the handlers themselves and served beside them.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    handler::Handler,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::{MethodFilter, get, on},
};
use utoipa::{
    __dev::SchemaReferences,
    Path, ToSchema,
    openapi::{
        Components, Content, HttpMethod, Info, OpenApi, Paths, Ref, RefOr, Response,
        path::Operation,
        schema::Schema,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    super::{
        problem::{PROBLEM_JSON, Problem},
        state::HttpState,
    },
    BASE,
};

/// Endpoints on their way into a router and a document.
pub(super) struct Endpoints {
    router: Router<HttpState>,
    paths: Paths,
    /// By name: every handler names all that its own contain, most of them again and again. Sorted, so that the document
    /// is the same bytes whatever the order of the handlers.
    schemas: BTreeMap<String, RefOr<Schema>>,
}

impl Default for Endpoints {
    fn default() -> Self {
        let mut schemas =
            vec![(Problem::name().into_owned(), <Problem as utoipa::PartialSchema>::schema())];
        <Problem as ToSchema>::schemas(&mut schemas);
        Self { router: Router::new(), paths: Paths::new(), schemas: schemas.into_iter().collect() }
    }
}

impl Endpoints {
    /// Adds a handler with its description, which holds its path and methods.
    #[expect(clippy::needless_pass_by_value, reason = "a function item, cloned for each method")]
    pub(super) fn add<P, H, T>(mut self, handler: H) -> Self
    where
        P: Path + SchemaReferences,
        H: Handler<T, HttpState>,
        T: 'static,
    {
        let path = P::path();
        for method in P::methods() {
            if let Some(filter) = filter(&method) {
                self.router = self.router.route(&path, on(filter, handler.clone()));
            }
        }
        self.paths.add_path_operation(
            format!("{BASE}{path}"),
            P::methods(),
            with_refusals(P::operation()),
        );
        let mut named = Vec::new();
        P::schemas(&mut named);
        self.schemas.extend(named);
        self
    }

    /// The routes, and the document.
    pub(super) fn parts(self) -> (Router<HttpState>, OpenApi) {
        let info = Info::builder()
            .title("Polylogue")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some(
                "Topics, opinions with their revisions, comments and positions. `{key}` is the `key` of an answer: \
                 this instance's decimal key for the object, as a string because it exceeds 2^53. The last path \
                 segment of an object's id is taken too where exactly one object held here has it. Ids in bodies are \
                 ActivityPub ids.",
            ))
            .build();
        let components = Components::builder()
            .schemas_from_iter(self.schemas)
            .security_scheme(
                "bearer",
                SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).build()),
            )
            .build();
        let document =
            OpenApi::builder().info(info).paths(self.paths).components(Some(components)).build();
        (self.router, document)
    }

    /// The routes, with the document among them.
    pub(super) fn into_router(self) -> Router<HttpState> {
        let (router, document) = self.parts();
        let bytes: Arc<[u8]> = serde_json::to_vec(&document).unwrap_or_default().into();
        let document = move || {
            let bytes = Arc::clone(&bytes);
            async move { ([(header::CONTENT_TYPE, "application/json")], bytes.to_vec()).into_response() }
        };
        router.route("/openapi.json", get(document))
    }
}

/// Says of every refusal that it is a problem document, adds those that every body may meet, and names each answer
/// (OpenAPI 3.1 wants a description of each).
fn with_refusals(mut operation: Operation) -> Operation {
    let responses = &mut operation.responses.responses;
    if operation.request_body.is_some() {
        for status in ["400", "413", "415"] {
            responses.insert(status.to_owned(), RefOr::T(Response::new("")));
        }
    }
    for (status, response) in responses.iter_mut() {
        let RefOr::T(response) = response else { continue };
        let code = StatusCode::from_bytes(status.as_bytes()).ok();
        let reason = code.and_then(|code| code.canonical_reason()).unwrap_or_default();
        reason.clone_into(&mut response.description);
        if code.is_some_and(|code| code.is_client_error() || code.is_server_error()) {
            let problem = Ref::from_schema_name(Problem::name());
            response.content.clear();
            response.content.insert(PROBLEM_JSON.to_owned(), Content::new(Some(problem)).into());
        }
    }
    operation
}

fn filter(method: &HttpMethod) -> Option<MethodFilter> {
    match method {
        HttpMethod::Get => Some(MethodFilter::GET),
        HttpMethod::Post => Some(MethodFilter::POST),
        HttpMethod::Put => Some(MethodFilter::PUT),
        HttpMethod::Patch => Some(MethodFilter::PATCH),
        HttpMethod::Delete => Some(MethodFilter::DELETE),
        _ => None,
    }
}
