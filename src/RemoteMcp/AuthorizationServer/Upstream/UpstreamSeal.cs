using System.Text.Json.Serialization;
using RemoteMcp.DataProtection;

namespace RemoteMcp.AuthorizationServer.Upstream;

/// <summary>Seals the sign-in at Entra ID for its row, bound to the grant.</summary>
internal sealed class UpstreamSeal(KeyRing ring)
{
    private const string Purpose = "RemoteMcp.AuthorizationServer.Upstream";

    public ValueTask<string> SealAsync(UpstreamCache cache, string grant, CancellationToken cancellationToken) =>
        ring.Protector(Purpose, grant).SealAsync(cache, UpstreamJson.Default.UpstreamCache, cancellationToken);

    /// <returns>The token cache, or <see langword="null"/> if no key of the ring opens it.</returns>
    public ValueTask<UpstreamCache?> TryOpenAsync(string sealedCache, string grant, CancellationToken cancellationToken) =>
        ring.Protector(Purpose, grant).TryOpenAsync(sealedCache, UpstreamJson.Default.UpstreamCache, cancellationToken);
}

/// <summary>Serializes the token cache without reflection.</summary>
[JsonSerializable(typeof(UpstreamCache))]
internal sealed partial class UpstreamJson : JsonSerializerContext;
