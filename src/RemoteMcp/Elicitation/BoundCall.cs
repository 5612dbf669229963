using System.Security.Cryptography;
using System.Text.Json;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Elicitation;

/// <summary>
/// The call to which a <c>requestState</c> is bound. A caller's consent to the deletion of one file must not count for any other call.
/// </summary>
/// <param name="Caller">The caller.</param>
/// <param name="Method">The method of the protocol, for example <c>tools/call</c>.</param>
/// <param name="Name">The name of the tool or prompt, or the URI of the resource.</param>
/// <param name="Arguments">The arguments of the call.</param>
internal sealed record BoundCall(Caller Caller, string Method, string Name, IReadOnlyList<KeyValuePair<string, JsonElement>> Arguments)
{
    /// <summary>Returns a hash of the caller, the method, the name, and the arguments.</summary>
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
