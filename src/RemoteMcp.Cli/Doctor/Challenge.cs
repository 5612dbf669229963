using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace RemoteMcp.Cli.Doctor;

/// <summary>The bearer challenge of a 401 (RFC 6750, section 3).</summary>
/// <param name="IsBearer">Whether there is one.</param>
/// <param name="ResourceMetadata">Where the resource's metadata is (RFC 9728, section 5.1).</param>
/// <param name="Scope">The scopes to ask for, separated by blanks.</param>
/// <param name="Description">What was wrong with the token that came.</param>
internal sealed partial record Challenge(bool IsBearer, Uri? ResourceMetadata, string? Scope, string? Description)
{
    public static Challenge Read(HttpHeaderValueCollection<AuthenticationHeaderValue> headers)
    {
        foreach (var header in headers)
        {
            if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            {
                var parameters = Parameter().Matches(header.Parameter ?? "").DistinctBy(static match => match.Groups["name"].Value)
                    .ToDictionary(static match => match.Groups["name"].Value, static match => match.Groups["value"].Value, StringComparer.OrdinalIgnoreCase);
                return new(
                    true,
                    Uri.TryCreate(parameters.GetValueOrDefault("resource_metadata"), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null,
                    parameters.GetValueOrDefault("scope"),
                    parameters.GetValueOrDefault("error_description"));
            }
        }

        return new(false, null, null, null);
    }

    [GeneratedRegex("(?<name>\\w+)\\s*=\\s*\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();
}
