//! What a clerk does at the console, with the mouse.

use crate::{browser::Browser, city::City};

impl Browser {
    /// Signs in as one of the city's people, whoever was signed in before.
    pub async fn sign_in(&self, city: &City, account: &str) {
        self.client.delete_all_cookies().await.expect("nobody is signed in");
        self.goto(&city.url("/console")).await;
        self.fill("#account", account).await;
        self.fill("#password", &city.password(account)).await;
        self.press("main button").await;
        self.find("body.desk").await;
    }

    /// Presses a button of the side of a policy's page, by the form's last word.
    pub async fn take_step(&self, verb: &str) {
        self.press(&format!("form[action$='/{verb}'] button")).await;
        self.find(".desk-main > .note[role=status]").await;
    }

    /// Agrees to what the page asks before it does something that cannot be undone.
    pub async fn agree(&self) {
        kit::testing::eventually("a question", async || {
            self.client.accept_alert().await.map_err(|e| e.to_string())
        })
        .await;
    }
}
