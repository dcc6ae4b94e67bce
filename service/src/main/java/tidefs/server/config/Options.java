package tidefs.server.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keys of the configuration that options of the command line may set. */
public record Options(
    Optional<String> data,
    Optional<String> api,
    Optional<String> region,
    Optional<String> account,
    boolean insecureApi) {
  /** No options. */
  public static final Options NONE =
      new Options(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

  Map<String, Source.Option> overrides() {
    Map<String, Source.Option> overrides = new HashMap<>();
    data.ifPresent(value -> overrides.put("data", new Source.Option("--data", value)));
    api.ifPresent(value -> overrides.put("api.address", new Source.Option("--api", value)));
    region.ifPresent(value -> overrides.put("region", new Source.Option("--region", value)));
    account.ifPresent(value -> overrides.put("account", new Source.Option("--account", value)));
    if (insecureApi) {
      overrides.put("api.insecure", new Source.Option("--insecure-api", "true"));
    }
    return overrides;
  }
}
