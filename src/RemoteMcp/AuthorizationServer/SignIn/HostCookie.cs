using Microsoft.AspNetCore.Http;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>Represents a cookie that only this host can set, and that scripts and other sites cannot use.</summary>
/// <param name="name">The name without the prefix.</param>
/// <param name="lifetime">The time after which the browser deletes the cookie.</param>
internal sealed class HostCookie(string name, TimeSpan lifetime)
{
    // A browser accepts this prefix only for cookies of https that no other host can set.
    private readonly string _secureName = "__Host-" + name;

    /// <returns>The value, or <see langword="null"/> if the browser has no such cookie.</returns>
    public string? Read(HttpRequest request) => request.Cookies[NameFor(request)];

    public void Write(HttpContext context, string value) =>
        context.Response.Cookies.Append(NameFor(context.Request), value, Options(context.Request, lifetime));

    public void Delete(HttpContext context) =>
        context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request, TimeSpan.Zero));

    private string NameFor(HttpRequest request) => request.IsHttps ? _secureName : name;

    private static CookieOptions Options(HttpRequest request, TimeSpan lifetime) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        // The redirect from Entra ID is a navigation from another site, so Strict would leave out the cookie.
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = lifetime,
        IsEssential = true,
    };
}
