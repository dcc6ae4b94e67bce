package tidefs.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tidefs.api.Router.Match;

class RouterTest {
  private final Router<String> router = new Router<>();

  RouterTest() {
    router.add("GET", "/v/file-systems", "list");
    router.add("POST", "/v/file-systems", "create");
    router.add("PUT", "/v/file-systems/{id}", "update");
    router.add("GET", "/v/file-systems/{id}/policy", "policy");
    router.add("GET", "/v/file-systems/replication-configurations", "replications");
    router.add("GET", "/v/tags/{id}", "tags");
  }

  @Test
  void aLiteralWinsOverAParameter() {
    assertThat(router.match("GET", "/v/file-systems/replication-configurations"))
        .isEqualTo(new Match.Found<>("replications", Map.of()));
    assertThat(router.match("PUT", "/v/file-systems/fs-1"))
        .isEqualTo(new Match.Found<>("update", Map.of("id", "fs-1")));
  }

  @Test
  void anEncodedSlashStaysInItsSegment() {
    assertThat(router.match("GET", "/v/file-systems/arn%3Aaws%3Ax%2Ffs-1/policy"))
        .isEqualTo(new Match.Found<>("policy", Map.of("id", "arn:aws:x/fs-1")));
    assertThat(router.match("GET", "/v/tags/a+b%zz"))
        .isEqualTo(new Match.Found<>("tags", Map.of("id", "a+b%zz")));
  }

  @Test
  void oneTrailingSlashIsIgnored() {
    assertThat(router.match("GET", "/v/tags/fs-1/"))
        .isEqualTo(new Match.Found<>("tags", Map.of("id", "fs-1")));
    assertThat(router.match("GET", "/v/tags//")).isEqualTo(new Match.None<>());
    assertThat(router.match("GET", "/v//tags/fs-1")).isEqualTo(new Match.None<>());
  }

  @Test
  void otherMethodsAndOtherPathsAreToldApart() {
    assertThat(router.match("DELETE", "/v/file-systems"))
        .isEqualTo(new Match.OtherMethods<>(Set.of("GET", "POST")));
    assertThat(router.match("GET", "/v/tags")).isEqualTo(new Match.None<>());
    assertThat(router.match("GET", "")).isEqualTo(new Match.None<>());
    assertThat(router.match("GET", "/v/file-systems/a/b/c")).isEqualTo(new Match.None<>());
  }

  @Test
  void twoTargetsForOneRouteAreABug() {
    assertThatThrownBy(() -> router.add("GET", "/v/tags/{id}", "again"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
