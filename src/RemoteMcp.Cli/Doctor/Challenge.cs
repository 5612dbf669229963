using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Represents the bearer challenge of a 401 response (RFC 6750, section 3).</summary>
/// <param name="IsBearer">A value that indicates whether the response contains a bearer challenge.</param>
/// <param name="ResourceMetadata">The URL of the resource metadata (RFC 9728, section 5.1), or null if the challenge has none.</param>
/// <param name="Scope">The scopes to request, separated by spaces.</param>
/// <param name="Description">The description of the problem with the token.</param>
internal sealed partial record Challenge(bool IsBearer, Uri? ResourceMetadata, string? Scope, string? Description)
{
    public static Challenge Read(HttpHeaderValueCollection<AuthenticationHeaderValue> headers)
    {
        foreach (var header in headers)
        {
            if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                var parameters = Parameter().Matches(header.Parameter ?? "").DistinctBy(static match => match.Groups["name"].Value)
                    .ToDictionary(
                        static match => match.Groups["name"].Value,
                        static match => match.Groups["value"].Value,
                        StringComparer.OrdinalIgnoreCase);
                return new(
                    true,
                    Uri.TryCreate(parameters.GetValueOrDefault("resource_metadata"), UriKind.Absolute, out var url)
                        && url.Scheme is "http" or "https"
                        ? url
                        : null,
                    parameters.GetValueOrDefault("scope"),
                    parameters.GetValueOrDefault("error_description"));
            }
        }

        return new(false, null, null, null);
    }

    [GeneratedRegex("(?<name>\\w+)\\s*=\\s*\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();
}
