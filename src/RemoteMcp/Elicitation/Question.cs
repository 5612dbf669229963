using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Elicitation;

/// <summary>A question as the client gets it.</summary>
/// <param name="Params">The elicitation.</param>
/// <param name="Fingerprint">
/// Tells questions apart when a call runs again: the yes to "Delete 3 files?" is no yes to "Delete 4 files?".
/// </param>
internal sealed record Question(ElicitRequestParams Params, string Fingerprint)
{
    private const int FingerprintBytes = 16;

    public static Question Form(string message, ElicitRequestParams.RequestSchema schema) => new(
        new ElicitRequestParams { Mode = "form", Message = message, RequestedSchema = schema },
        Print("form", message, JsonSerializer.Serialize(schema, McpJsonUtilities.DefaultOptions)));

    /// <summary>The query and the fragment are not what is asked: a sign-in page's URL has a new nonce every time.</summary>
    public static Question Url(string message, Uri url) => new(
        new ElicitRequestParams { Mode = "url", Message = message, Url = url.AbsoluteUri, ElicitationId = Guid.NewGuid().ToString("N") },
        Print("url", message, url.GetLeftPart(UriPartial.Path)));

    /// <summary>The same question, with what was wrong about the last answer before it.</summary>
    public Question After(string? error) => error is null ? this : this with
    {
        Params = new ElicitRequestParams
        {
            Mode = Params.Mode,
            Message = $"{error}\n\n{Params.Message}",
            RequestedSchema = Params.RequestedSchema,
            Url = Params.Url,
            ElicitationId = Params.ElicitationId,
        },
    };

    private static string Print(string mode, string message, string what)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendPart(mode);
        hash.AppendPart(message);
        hash.AppendPart(what);
        return Base64Url.EncodeToString(hash.GetHashAndReset().AsSpan(0, FingerprintBytes));
    }
}
