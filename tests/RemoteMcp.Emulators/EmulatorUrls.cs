namespace RemoteMcp.Emulators;

/// <summary>The value of <c>--urls</c>.</summary>
internal sealed record EmulatorUrls(int EntraPort, int IdentityPort, bool PlainHttp)
{
    /// <returns>Null if the value is not one or two loopback URLs. The second URL must use http.</returns>
    public static EmulatorUrls? Parse(string? value)
    {
        var urls = (value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(url =>
                Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.IsLoopback && uri.Scheme is "http" or "https" ? uri : null)
            .ToList();
        return urls is [{ } entra, ..] && (urls.Count == 1 || (urls.Count == 2 && urls[1]?.Scheme == Uri.UriSchemeHttp))
            ? new EmulatorUrls(entra.Port, urls.Count == 2 ? urls[1]!.Port : 0, entra.Scheme == Uri.UriSchemeHttp)
            : null;
    }
}
