using System.Text.Json;

namespace RemoteMcp.Emulators.Entra.Authorize;

/// <summary>The <c>claims</c> parameter (OpenID Connect Core section 5.5).</summary>
internal static class ClaimsParameter
{
    /// <summary>
    /// Whether the client repeats the challenge of a policy. MSAL also uses the parameter for the capabilities of a client
    /// (<c>xms_cc</c>), which require nothing from the user.
    /// </summary>
    /// <exception cref="Refusal">9002313: the value is not a JSON object.</exception>
    public static bool IsChallenge(string? claims)
    {
        if (claims is null)
        {
            return false;
        }
        try
        {
            using var document = JsonDocument.Parse(claims);
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? throw Refusals.Malformed()
                : document.RootElement.TryGetProperty("access_token", out var token)
                    && token.ValueKind == JsonValueKind.Object
                    && (token.TryGetProperty("capolids", out _) || token.TryGetProperty("acrs", out _));
        }
        catch (JsonException)
        {
            throw Refusals.Malformed();
        }
    }
}
