using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RemoteMcp.AuthorizationServer.Upstream;
using RemoteMcp.DataProtection;

namespace RemoteMcp.AuthorizationServer.Grants;

/// <summary>
/// Seals what the row of a grant must not disclose: the person's sign-in at Entra ID and the last token response. What is sealed for one
/// grant cannot be opened for another one.
/// </summary>
internal sealed class GrantSeal(KeyRing ring)
{
    private const string Upstream = "RemoteMcp.AuthorizationServer.Upstream";
    private const string Response = "RemoteMcp.AuthorizationServer.Response";

    public ValueTask<string> SealUpstreamAsync(UpstreamCache cache, GrantKey grant, CancellationToken cancellationToken) =>
        SealAsync(Upstream, cache, GrantSealJson.Default.UpstreamCache, grant, cancellationToken);

    /// <returns>The token cache of MSAL, or <see langword="null"/> if no key of the ring opens it.</returns>
    public ValueTask<UpstreamCache?> TryOpenUpstreamAsync(string sealedCache, GrantKey grant, CancellationToken cancellationToken) =>
        TryOpenAsync(Upstream, sealedCache, GrantSealJson.Default.UpstreamCache, grant, cancellationToken);

    public ValueTask<string> SealResponseAsync(string json, GrantKey grant, CancellationToken cancellationToken) =>
        SealAsync(Response, json, GrantSealJson.Default.String, grant, cancellationToken);

    /// <returns>The response, or <see langword="null"/> if no key of the ring opens it.</returns>
    public ValueTask<string?> TryOpenResponseAsync(string sealedJson, GrantKey grant, CancellationToken cancellationToken) =>
        TryOpenAsync(Response, sealedJson, GrantSealJson.Default.String, grant, cancellationToken);

    private ValueTask<string> SealAsync<T>(
        string purpose, T value, JsonTypeInfo<T> typeInfo, GrantKey grant, CancellationToken cancellationToken) =>
        ring.Protector(purpose, grant.Id).SealAsync(value, typeInfo, cancellationToken);

    private ValueTask<T?> TryOpenAsync<T>(
        string purpose, string text, JsonTypeInfo<T> typeInfo, GrantKey grant, CancellationToken cancellationToken)
        where T : class =>
        ring.Protector(purpose, grant.Id).TryOpenAsync(text, typeInfo, cancellationToken);
}

/// <summary>Serializes sealed values without reflection.</summary>
[JsonSerializable(typeof(UpstreamCache))]
[JsonSerializable(typeof(string))]
internal sealed partial class GrantSealJson : JsonSerializerContext;
