package tidefs.iam.identity;

import java.util.function.BiConsumer;

/** Keeps users, by name. What a method has done is durable when it returns. */
public interface IdentityStore {
  /** Calls {@code user} with the name and the bytes of every user. */
  void load(BiConsumer<String, byte[]> user);

  /** Keeps a new user, or a new version of one. */
  void put(String name, byte[] user);

  /** Forgets a user. */
  void remove(String name);
}
