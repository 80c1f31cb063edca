//! Which form of signature a server takes: one is tried, on a refusal the other ("double knock"), and the one that worked
//! is remembered and used straight the next time (test 26). Cavage comes first, which every server reads, unless the
//! server says that it reads RFC 9421.

use std::future::Future;

use async_trait::async_trait;
use http::StatusCode;

use super::network::{Answer, NetworkError};
use crate::{
    protocol::http_signature::Form,
    service::Service,
    store::{StoreError, servers},
};

/// Remembers which form of signature a host takes.
#[async_trait]
pub trait Forms: Send + Sync {
    /// The form that worked last, where one is known.
    async fn known(&self, host: &str) -> Option<Form>;

    /// Notes that a form worked.
    async fn learn(&self, host: &str, form: Form);
}

/// In the table of servers.
pub(super) struct StoredForms(pub(super) Service);

#[async_trait]
impl Forms for StoredForms {
    async fn known(&self, host: &str) -> Option<Form> {
        match servers::server(&self.0.store, host).await {
            Ok(row) => row?.signature_form.as_deref().and_then(Form::from_word),
            // Without a memory it is knocked twice, which is no reason not to knock.
            Err(error) => {
                tracing::error!(%host, ?error, "the form of signature cannot be read");
                None
            }
        }
    }

    async fn learn(&self, host: &str, form: Form) {
        if let Err(error) = self.write(host, form).await {
            tracing::error!(%host, ?error, "the form of signature cannot be remembered");
        }
    }
}

impl StoredForms {
    async fn write(&self, host: &str, form: Form) -> Result<(), StoreError> {
        let tx = self.0.store.begin().await?;
        let now = self.0.now().as_millis();
        servers::set_signature_form(&tx, host, form.word(), now).await?;
        tx.commit().await
    }
}

/// The form to begin with at a host.
pub(super) async fn first_form(forms: &dyn Forms, host: &str) -> Form {
    forms.known(host).await.unwrap_or(Form::Cavage)
}

/// Sends with a form, and with the other where `host` refuses it. The other's answer counts unless it is refused too.
/// What worked is left in `form`, for who sends more.
pub(super) async fn knock<F>(
    forms: &dyn Forms,
    host: &str,
    form: &mut Form,
    send: impl Fn(Form) -> F,
) -> Result<Answer, NetworkError>
where
    F: Future<Output = Result<Answer, NetworkError>>,
{
    let first = *form;
    let answer = send(first).await?;
    if !is_refusal(first, answer.status) {
        return Ok(answer);
    }
    let again = send(first.other()).await?;
    if is_refusal(first.other(), again.status) {
        return Ok(answer);
    }
    if again.status.is_success() {
        forms.learn(host, first.other()).await;
        *form = first.other();
    }
    Ok(again)
}

/// Whether a status may mean that the signature was not understood. 401 says so; to RFC 9421 some who do not know it say
/// 400 or 403, which to cavage has other reasons.
fn is_refusal(form: Form, status: StatusCode) -> bool {
    match status {
        StatusCode::UNAUTHORIZED => true,
        StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN => form == Form::Rfc9421,
        _ => false,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::{
        collections::BTreeMap,
        sync::{Mutex, PoisonError},
    };

    use http::HeaderMap;
    use url::Url;

    use super::*;

    /// Remembers in memory.
    #[derive(Default)]
    pub(in crate::federation) struct Remembered(pub(super) Mutex<BTreeMap<String, Form>>);

    #[async_trait]
    impl Forms for Remembered {
        async fn known(&self, host: &str) -> Option<Form> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).get(host).copied()
        }

        async fn learn(&self, host: &str, form: Form) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned(), form);
        }
    }

    /// Knocks at a server that answers each form with a status; says which were tried, and the status in the end.
    async fn knocked(memory: &Remembered, cavage: u16, rfc9421: u16) -> (Vec<Form>, u16) {
        let tried = Mutex::new(Vec::new());
        let send = |form| {
            tried.lock().unwrap().push(form);
            let status = if form == Form::Cavage { cavage } else { rfc9421 };
            let answer = Answer {
                status: StatusCode::from_u16(status).unwrap(),
                url: Url::parse("https://a.example/").unwrap(),
                headers: HeaderMap::new(),
                body: Vec::new(),
            };
            async move { Ok(answer) }
        };
        let mut form = first_form(memory, "a.example").await;
        let answer = knock(memory, "a.example", &mut form, send).await.unwrap();
        let learnt = memory.known("a.example").await.unwrap_or(Form::Cavage);
        assert_eq!(form, learnt, "who sends more begins with what is remembered");
        let status = answer.status.as_u16();
        (tried.into_inner().unwrap(), status)
    }

    #[tokio::test]
    async fn test_26_each_form_is_tried_and_the_one_that_worked_comes_first() {
        use Form::{Cavage, Rfc9421};
        let memory = Remembered::default();
        // Nothing known: what everybody reads, once.
        assert_eq!(knocked(&memory, 202, 401).await, (vec![Cavage], 202));
        assert_eq!(memory.known("a.example").await, None);
        // Refused: the other one, and that one straight the next time.
        assert_eq!(knocked(&memory, 401, 202).await, (vec![Cavage, Rfc9421], 202));
        assert_eq!(knocked(&memory, 401, 202).await, (vec![Rfc9421], 202));
        // What was remembered fails: knocked anew, in all the ways in which RFC 9421 is refused.
        for status in [400, 401, 403] {
            memory.learn("a.example", Rfc9421).await;
            assert_eq!(knocked(&memory, 202, status).await, (vec![Rfc9421, Cavage], 202));
            assert_eq!(memory.known("a.example").await, Some(Cavage));
        }
        assert_eq!(knocked(&memory, 202, 401).await, (vec![Cavage], 202));
        // Refused in both forms: it is the request that is not wanted, and nothing is learnt.
        assert_eq!(knocked(&memory, 401, 403).await, (vec![Cavage, Rfc9421], 401));
        assert_eq!(memory.known("a.example").await, Some(Cavage));
        // Other answers are answers.
        for status in [400, 403, 404, 410, 429, 503] {
            assert_eq!(knocked(&memory, status, 202).await, (vec![Cavage], status));
        }
    }
}
