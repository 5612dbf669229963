namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>Decides how long a metadata document stays in the cache, according to its headers.</summary>
internal static class DocumentLifetime
{
    /// <summary>The minimum time. A sign-in needs the document in each of its steps, and fetches it only once.</summary>
    public static readonly TimeSpan Minimum = TimeSpan.FromMinutes(5);

    /// <summary>The maximum time.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromDays(7);

    /// <summary>The time for a document without headers about caching.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromHours(1);

    public static TimeSpan Of(HttpResponseMessage response, DateTimeOffset now)
    {
        var stated = Stated(response, now) - (response.Headers.Age ?? TimeSpan.Zero);
        return stated is not { } lifetime ? Default
            : lifetime < Minimum ? Minimum
            : lifetime > Maximum ? Maximum
            : lifetime;
    }

    // RFC 9111, section 5.3: max-age has precedence over Expires. An invalid Expires, such as 0, means "already expired".
    private static TimeSpan? Stated(HttpResponseMessage response, DateTimeOffset now) => response.Headers.CacheControl switch
    {
        { NoStore: true } or { NoCache: true } => TimeSpan.Zero,
        { SharedMaxAge: { } shared } => shared,
        { MaxAge: { } maxAge } => maxAge,
        _ => response.Content.Headers.Expires - (response.Headers.Date ?? now)
            ?? (response.Content.Headers.Contains("Expires") ? TimeSpan.Zero : null),
    };
}
