using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using RemoteMcp.DataProtection;

namespace RemoteMcp.Elicitation;

/// <summary>A question as the server sends it to the client.</summary>
/// <param name="Params">The parameters of the elicitation.</param>
/// <param name="Fingerprint">
/// A hash that distinguishes questions when a call runs again. The answer to "Delete 3 files?" must not count for "Delete 4 files?".
/// </param>
internal sealed record Question(ElicitRequestParams Params, string Fingerprint)
{
    private const int FingerprintBytes = 16;

    public static Question Form(string message, ElicitRequestParams.RequestSchema schema) => new(
        new ElicitRequestParams { Mode = "form", Message = message, RequestedSchema = schema },
        ComputeFingerprint("form", message, JsonSerializer.Serialize(schema, McpJsonUtilities.DefaultOptions)));

    /// <summary>
    /// Creates a question that asks the user to open a URL. The fingerprint leaves out the query and the fragment, because the URL of a
    /// sign-in page has a new nonce each time.
    /// </summary>
    public static Question Url(string message, Uri url) => new(
        new ElicitRequestParams { Mode = "url", Message = message, Url = url.AbsoluteUri, ElicitationId = Guid.NewGuid().ToString("N") },
        ComputeFingerprint("url", message, url.GetLeftPart(UriPartial.Path)));

    /// <summary>Returns the same question, with the problem of the last answer before its text.</summary>
    public Question WithProblem(string? problem) => problem is null ? this : this with
    {
        Params = new ElicitRequestParams
        {
            Mode = Params.Mode,
            Message = $"{problem}\n\n{Params.Message}",
            RequestedSchema = Params.RequestedSchema,
            Url = Params.Url,
            ElicitationId = Params.ElicitationId,
        },
    };

    private static string ComputeFingerprint(string mode, string message, string content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendPart(mode);
        hash.AppendPart(message);
        hash.AppendPart(content);
        return Base64Url.EncodeToString(hash.GetHashAndReset().AsSpan(0, FingerprintBytes));
    }
}
