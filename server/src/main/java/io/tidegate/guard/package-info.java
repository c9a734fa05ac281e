/// Who may pass: credentials and signatures, checked on what comes in, made for what goes out.
///
/// Start reading at `Guard` for callers with credentials, at `SignatureCheck` for webhooks and at
/// `Handshake` for what their senders ask first. May use: base, http, plan. Speaks: BouncyCastle
/// and Nimbus JOSE.
@NullMarked
package io.tidegate.guard;

import org.jspecify.annotations.NullMarked;
