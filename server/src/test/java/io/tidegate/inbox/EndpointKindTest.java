package io.tidegate.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Secret;
import io.tidegate.guard.SigningSecret;
import io.tidegate.inbox.EndpointForm.Terms;
import io.tidegate.registry.Command;
import io.tidegate.registry.Judgement;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EndpointKindTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final SealingKey key = SealingKey.parse(SealingKey.generate());
  private final EndpointKind kind = kind(key);

  private static EndpointKind kind(SealingKey key) {
    return new EndpointKind(
        key,
        new EndpointKind.Rules(
            topic -> topic.startsWith("webhooks."), _ -> List.of(), Terms.USUAL));
  }

  private Judgement<RegisteredEndpoint> judge(
      @Nullable RegisteredEndpoint present, String action, String body, Instant at) {
    var json = (ObjectNode) new JsonMapper().readTree(body.replace('\'', '"'));
    var command = new Command(action, ID, "", OptionalLong.empty(), at, json);
    var version = present == null ? 1 : present.endpoint().version() + 1;
    return kind.judge(Optional.ofNullable(present), command, version);
  }

  private RegisteredEndpoint accepted(
      @Nullable RegisteredEndpoint present, String action, String body, Instant at) {
    var judged = judge(present, action, body, at);
    assertThat(judged).isInstanceOf(Judgement.Accepted.class);
    return ((Judgement.Accepted<RegisteredEndpoint>) judged).value();
  }

  private RegisteredEndpoint registered(String more) {
    return accepted(null, "register", "{'topic':'webhooks.a'" + more + "}", NOON);
  }

  private RegisteredEndpoint signed(String secret) {
    return registered(",'auth_type':'github','auth_secret':'" + sealed(secret) + "'");
  }

  private String sealed(String secret) {
    return key.seal(new Secret(secret));
  }

  @Test
  void registersInTheShortWordsOfOtherGateways() {
    var made =
        registered(
            """
            ,'auth_type':'hmac-sha256','auth_secret':'%s','hmac_header':'X-Sig','hmac_prefix':'',
            'expires_at':1800000000,'description':'d','unknown':[{}]\
            """
                .formatted(sealed("s3cret")));

    var endpoint = made.endpoint();
    assertThat(endpoint.verification())
        .isEqualTo(
            new Endpoint.Verification(
                "hmac",
                Map.of("algorithm", "sha256", "header", "X-Sig", "prefix", ""),
                Optional.empty()));
    assertThat(endpoint.secrets())
        .containsExactly(SigningSecret.lasting("v1", new Secret("s3cret")));
    assertThat(endpoint.expires()).hasValue(Instant.ofEpochSecond(1_800_000_000));
    assertThat(endpoint.limits()).isEqualTo(Terms.USUAL.limits());
  }

  @Test
  void readsBackEverythingThatCanBeSet() {
    var made =
        registered(
            """
            ,'verification':{'preset':'slack','tolerance_seconds':60},'auth_secret':'%s',
             'handshakes':[{'name':'slack'}],'ack':'memory','key':'${endpoint}',
             'answer':{'status':204,'content_type':'text/plain','body':'ok'},
             'forward':['X-Slack-Retry-Num'],'content_types':['application/json'],
             'limits':{'body':2048,'per_second':5,'burst':9,'dedup_seconds':0}\
            """
                .formatted(sealed("s")));

    var back = kind.read(ID, 1, kind.write(made));

    assertThat(back).isEqualTo(made);
    assertThat(back.endpoint().forward()).containsExactly("x-slack-retry-num");
    assertThat(back.endpoint().limits().window()).isZero();
  }

  @Test
  void keepsTheSecretSealedWhereItIsWritten() {
    var made = signed("s3cret");

    assertThat(kind.write(made).toString()).doesNotContain("s3cret").contains("sealed:v1:");
    assertThat(EndpointForm.shown(made.endpoint()).toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'topic':'orders'}                                             | /topic
          {}                                                             | /topic
          {'topic':7}                                                    | /topic
          {'topic':'webhooks.a','auth_type':'github','auth_secret':'x'}  | /auth_secret
          {'topic':'webhooks.a','expires_at':1700000000}                 | /expires_at
          {'topic':'webhooks.a','expires_at':'tomorrow'}                 | /expires_at
          {'topic':'webhooks.a','ack':'maybe'}                           | /ack
          {'topic':'webhooks.a','limits':{'body':0}}                     | /limits/body
          {'topic':'webhooks.a','limits':[]}                             | /limits
          {'topic':'webhooks.a','forward':[1]}                           | /forward
          {'topic':'webhooks.a','answer':{'status':500}}                 | /answer/status
          {'topic':'webhooks.a','handshakes':{'name':'slack'}}           | /handshakes
          """)
  void namesTheFieldThatIsWrong(String body, String pointer) {
    var judged = (Judgement.Rejected<RegisteredEndpoint>) judge(null, "register", body, NOON);

    assertThat(judged.faults()).extracting(Fault::pointer).contains(pointer);
  }

  @Test
  void doesNotTakeAnIdTwiceNorAfterItWasRevoked() {
    var made = registered("");
    var revoked = accepted(made, "revoke", "{'reason':'leaked'}", NOON);

    var body = "{'topic':'webhooks.b'}";
    assertThat(judge(made, "register", body, NOON)).hasFieldOrPropertyWithValue("code", "exists");
    assertThat(judge(revoked, "register", body, NOON))
        .hasFieldOrPropertyWithValue("code", "revoked");
    assertThat(judge(revoked, "update", body, NOON)).hasFieldOrPropertyWithValue("code", "revoked");
    assertThat(judge(null, "update", body, NOON)).hasFieldOrPropertyWithValue("code", "unknown");
  }

  @Test
  void aRevocationKeepsItsFirstReasonAndNoSecrets() {
    var revoked = accepted(signed("s"), "revoke", "{'reason':'leaked'}", NOON);

    var again = accepted(revoked, "revoke", "{'reason':'other'}", NOON);

    assertThat(again.endpoint().revoked()).hasValue(new Endpoint.Revoked(NOON, "leaked"));
    assertThat(again.endpoint().topic()).isEqualTo("webhooks.a");
    assertThat(kind.write(again).toString()).doesNotContain("sealed");
    assertThat(kind.read(ID, 3, kind.write(again))).isEqualTo(again);
  }

  @Test
  void revokesWhatItDoesNotKnow() {
    var revoked = accepted(null, "revoke", "{}", NOON);

    assertThat(kind.read(ID, 1, kind.write(revoked)).endpoint().revoked())
        .hasValue(new Endpoint.Revoked(NOON, "unspecified"));
  }

  @Test
  void aNewSecretOverlapsWithTheOneBefore() {
    var made = signed("one");

    var rotated = accepted(made, "update", "{'auth_secret':'" + sealed("two") + "'}", NOON);
    var until = NOON.plus(Duration.ofHours(26));
    var later =
        accepted(
            rotated,
            "update",
            "{'auth_secret':'%s','previous_secret_expires_at':%d}"
                .formatted(sealed("three"), until.getEpochSecond()),
            NOON.plus(Duration.ofHours(25)));

    assertThat(rotated.endpoint().secrets())
        .containsExactly(
            SigningSecret.lasting("v2", new Secret("two")),
            new SigningSecret("v1", new Secret("one"), NOON.plus(EndpointKind.OVERLAP)));
    assertThat(later.endpoint().secrets())
        .containsExactly(
            SigningSecret.lasting("v3", new Secret("three")),
            new SigningSecret("v2", new Secret("two"), until));
    assertThat(later.endpoint().verification()).isEqualTo(made.endpoint().verification());
  }

  @Test
  void keepsNoMoreThanTenSecrets() {
    var made = signed("0");
    for (var i = 1; i <= 15; i++) {
      made = accepted(made, "update", "{'auth_secret':'" + sealed("" + i) + "'}", NOON);
    }

    assertThat(made.endpoint().secrets()).hasSize(10);
    assertThat(made.endpoint().secrets().getFirst().secret()).isEqualTo(new Secret("15"));
  }

  @Test
  void changesWhatIsNamedAndResetsWhatIsNull() {
    var made = registered(",'description':'d','limits':{'body':2048,'per_second':5}");

    var changed =
        accepted(
            made, "update", "{'description':null,'limits':{'body':4096},'ack':'memory'}", NOON);

    assertThat(changed.endpoint().description()).isEmpty();
    assertThat(changed.endpoint().limits().body()).isEqualTo(4096);
    assertThat(changed.endpoint().limits().perSecond()).hasValue(5);
    assertThat(changed.endpoint().topic()).isEqualTo("webhooks.a");
  }

  @Test
  void refusesEverythingWhileASecretCannotBeOpenedAndKeepsItSealed() {
    var made =
        registered(
            """
            ,'auth_type':'github','auth_secret':'%s',
             'handshakes':[{'name':'meta','parameters':{'verify_token':'%s'}}]\
            """
                .formatted(sealed("s"), sealed("token")));
    var other = kind(SealingKey.parse(SealingKey.generate()));

    var read = other.read(ID, 1, kind.write(made));

    assertThat(made.endpoint().handshakes().getFirst().parameters())
        .isEqualTo(Map.of("verify_token", "token"));
    assertThat(read.endpoint().secrets()).isEmpty();
    assertThat(read.endpoint().handshakes()).isEmpty();
    assertThat(other.trouble().orElseThrow()).contains(key.id());
    assertThat(kind.read(ID, 1, other.write(read))).isEqualTo(made);
    assertThat(kind.trouble()).isEmpty();
  }
}
