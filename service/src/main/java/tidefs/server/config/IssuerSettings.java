package tidefs.server.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * An OpenID Connect issuer whose tokens may stand for roles.
 *
 * @param url its name in tokens
 * @param audiences for whom its tokens are; one of them must be there
 * @param keys where its key set is: a file or a URL
 */
public record IssuerSettings(String url, List<String> audiences, String keys) {
  static final String AUDIENCE = "sts.amazonaws.com";

  /** Copies the list. */
  public IssuerSettings {
    audiences = List.copyOf(audiences);
  }

  static List<IssuerSettings> read(Section iam) {
    List<IssuerSettings> issuers = new ArrayList<>();
    for (Section in : iam.sections("issuers").orElse(List.of())) {
      String url = in.required("url", IssuerSettings::url);
      String keys = in.required("keys", text -> text);
      List<String> audiences = in.values("audiences", text -> text);
      in.end();
      issuers.add(
          new IssuerSettings(url, audiences.isEmpty() ? List.of(AUDIENCE) : audiences, keys));
    }
    iam.end();
    return issuers;
  }

  /** Whether {@link #keys} is a URL, and no file. */
  public boolean hasKeysElsewhere() {
    return keys.matches("https?://.*");
  }

  private static String url(String text) {
    URI uri = URI.create(text);
    if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?")) {
      throw new IllegalArgumentException("'" + text + "' is no URL of an issuer");
    }
    return text;
  }
}
