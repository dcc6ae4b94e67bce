package tidefs.api;

import java.util.Optional;

/** Something that is answered without a signature. */
@FunctionalInterface
public interface OpenPage {
  /** No such thing. */
  OpenPage NONE = _ -> Optional.empty();

  /** The answer, if the request is for this. */
  Optional<Reply> answer(Exchange exchange);
}
