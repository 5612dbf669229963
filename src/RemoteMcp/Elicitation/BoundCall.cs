using System.Security.Cryptography;
using System.Text.Json;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Elicitation;

/// <summary>What a <c>requestState</c> is bound to: a yes to deleting one file, by one caller, is no yes to anything else.</summary>
/// <param name="Caller">Who calls.</param>
/// <param name="Method">The protocol's method, e.g. <c>tools/call</c>.</param>
/// <param name="Name">The tool's or prompt's name, or the resource's URI.</param>
/// <param name="Arguments">The call's arguments.</param>
internal sealed record BoundCall(Caller Caller, string Method, string Name, IReadOnlyList<KeyValuePair<string, JsonElement>> Arguments)
{
    public byte[] Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendPart(Caller.Key);
        hash.AppendPart(Method);
        hash.AppendPart(Name);
        hash.AppendPart(CanonicalJson.Write(Arguments));
        return hash.GetHashAndReset();
    }
}
