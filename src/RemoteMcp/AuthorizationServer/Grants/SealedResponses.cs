using System.Text.Json.Serialization;
using RemoteMcp.DataProtection;

namespace RemoteMcp.AuthorizationServer.Grants;

/// <summary>Seals token responses for their rows, bound to the grant.</summary>
internal sealed class SealedResponses(KeyRing ring)
{
    private const string Purpose = "RemoteMcp.AuthorizationServer.Response";

    public ValueTask<string> SealAsync(string json, GrantKey grant, CancellationToken cancellationToken) =>
        ring.Protector(Purpose, grant.Id).SealAsync(json, ResponseJson.Default.String, cancellationToken);

    /// <returns>The response, or <see langword="null"/> if no key of the ring opens it.</returns>
    public ValueTask<string?> TryOpenAsync(string sealedJson, GrantKey grant, CancellationToken cancellationToken) =>
        ring.Protector(Purpose, grant.Id).TryOpenAsync(sealedJson, ResponseJson.Default.String, cancellationToken);
}

/// <summary>Serializes responses without reflection.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class ResponseJson : JsonSerializerContext;
