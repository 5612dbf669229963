using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RemoteMcp.DataProtection;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>
/// Converts registrations to client ids and back. The client id is the registration itself, sealed with the fleet's key ring, so every
/// instance can open it, no row is stored, and a registration never expires.
/// </summary>
internal sealed class SealedRegistrations(KeyRing ring, RedirectPolicy policy)
{
    /// <summary>The beginning of every client id that is a registration.</summary>
    public const string Prefix = "registration.";

    private const string KeyPrefix = "registration:";

    private readonly FleetProtector _protector = ring.Protector("RemoteMcp.AuthorizationServer.Registration", "v1");

    /// <summary>Returns the key of the client, which is shorter than its client id and names it in the log.</summary>
    public static string KeyOf(string clientId) =>
        KeyPrefix + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(clientId)));

    /// <returns>The client id, or <see langword="null"/> if it would be longer than <see cref="ClientResolver.MaxLength"/>.</returns>
    /// <exception cref="Storage.StateUnavailableException">The keys cannot be read at the moment.</exception>
    public async ValueTask<string?> TrySealAsync(Registration registration, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(registration, RegistrationJson.Compact.Registration);
        var clientId = Prefix + Base64Url.EncodeToString(await _protector.SealAsync(content, cancellationToken));
        return clientId.Length <= ClientResolver.MaxLength ? clientId : null;
    }

    /// <summary>Opens a client id.</summary>
    /// <returns>The client, or <see langword="null"/> if this fleet did not issue the client id.</returns>
    /// <exception cref="ClientRefusedException">The operator no longer allows any redirect URI of the client.</exception>
    /// <exception cref="Storage.StateUnavailableException">The keys cannot be read at the moment.</exception>
    public async ValueTask<ClientApplication?> TryOpenAsync(string clientId, CancellationToken cancellationToken)
    {
        var text = clientId.AsMemory(Prefix.Length);
        // The decoder ignores whitespace, padding, and unused bits. A registration has exactly one client id and therefore one key.
        if (!Base64Url.IsValid(text.Span)
            || Base64Url.DecodeFromChars(text.Span) is not { } content
            || !text.Span.SequenceEqual(Base64Url.EncodeToString(content))
            || await _protector.TryOpenAsync(content, cancellationToken) is not { } opened)
        {
            return null;
        }

        var registration = JsonSerializer.Deserialize(opened, RegistrationJson.Compact.Registration)!;
        return new ClientApplication
        {
            ClientId = clientId,
            Key = KeyOf(clientId),
            Name = registration.Name,
            RedirectUris = policy.KeepAllowed(registration.RedirectUris),
        };
    }
}

/// <summary>The content of a registration.</summary>
/// <param name="Name">The name of the client, ready to be shown.</param>
/// <param name="RedirectUris">The redirect URIs that were allowed when the client registered.</param>
/// <param name="IssuedAt">The time of the registration, in seconds since 1970. It also makes each registration different.</param>
internal sealed record Registration(
    [property: JsonPropertyName("n")] string Name,
    [property: JsonPropertyName("r")] IReadOnlyList<string> RedirectUris,
    [property: JsonPropertyName("t")] long IssuedAt);

[JsonSerializable(typeof(Registration))]
internal sealed partial class RegistrationJson : JsonSerializerContext
{
    /// <summary>
    /// Gets the context that escapes only what JSON requires. Otherwise, each '&amp;' in a URI would take six bytes of the client id.
    /// </summary>
    public static RegistrationJson Compact { get; } =
        new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
