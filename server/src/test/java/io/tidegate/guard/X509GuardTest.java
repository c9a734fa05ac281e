package io.tidegate.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Time;
import io.tidegate.http.Session;
import io.tidegate.plan.GuardSpec;
import io.tidegate.plan.Pattern;
import io.tidegate.vault.Certificates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class X509GuardTest {
  private static GuardSpec.X509 spec(
      String identity, Map<String, List<Map<String, Pattern>>> roles) {
    return new GuardSpec.X509(
        "demo:people",
        identity,
        Map.of("unit", "subject.ou", "mail", "san.email", "no", "san.uri"),
        roles);
  }

  private static Verdict judge(GuardSpec.X509 spec, String certificate) {
    return new X509Guard(spec, Time.system()).judge(List.of(Certificates.certificate(certificate)));
  }

  private static Session session(GuardSpec.X509 spec) {
    return ((Verdict.Accepted) judge(spec, "client")).session();
  }

  @Test
  void theSubjectIsTheIdentityUnlessAnotherFieldIs() {
    assertThat(session(spec("subject.dn", Map.of())).identity())
        .contains("O=Tidegate,OU=tests,CN=client-1");
    assertThat(session(spec("subject.cn", Map.of())).identity()).contains("client-1");
    assertThat(session(spec("san.email", Map.of())).identity()).contains("client@example.org");
    assertThat(session(spec("san.uri", Map.of())).identity()).isEmpty();
  }

  @Test
  void attributesAreFieldsThatTheCertificateHas() {
    assertThat(session(spec("subject.dn", Map.of())).attributes())
        .isEqualTo(Map.of("unit", "tests", "mail", "client@example.org"));
  }

  @Test
  void aRoleIsHeldWhenEveryFieldOfOneAlternativeMatches() {
    var session =
        session(
            spec(
                "subject.dn",
                Map.of(
                    "both", List.of(fields("subject.cn", "client-*", "subject.o", "Tidegate")),
                    "half", List.of(fields("subject.cn", "client-*", "subject.o", "Other")),
                    "either",
                        List.of(
                            fields("subject.cn", "x", "subject.o", "y"),
                            fields("issuer.cn", "authority", "subject.ou", "tests")),
                    "nothing", List.of(Map.of()))));

    assertThat(session.roles()).containsExactlyInAnyOrder("both", "either");
  }

  private static Map<String, Pattern> fields(String one, String a, String two, String b) {
    return Map.of(one, Pattern.of(a), two, Pattern.of(b));
  }

  @Test
  void itEndsWithTheCertificate() {
    assertThat(session(spec("subject.dn", Map.of())).expires())
        .contains(Certificates.certificate("client").getNotAfter().toInstant());
    assertThat(judge(spec("subject.dn", Map.of()), "expired")).isInstanceOf(Verdict.Rejected.class);
  }

  @Test
  void whatARequestSaysOfItselfProvesNothing() {
    var guard = new X509Guard(spec("subject.dn", Map.of()), Time.system());

    assertThat(guard.judge(Certificates.certificatePem("client")))
        .isInstanceOf(Verdict.Rejected.class);
  }
}
