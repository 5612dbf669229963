using System.Net;
using System.Text.RegularExpressions;
using System.Web;
using RemoteMcp.Emulators;
using RemoteMcp.Testing.SignIn;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>
/// A browser without a window: it keeps cookies, follows redirects until a page or a redirect to the client, and submits forms.
/// </summary>
/// <param name="emulator">The emulator, whose certificate the browser trusts.</param>
internal sealed partial class BrowserDriver(Emulator emulator) : IDisposable
{
    private const int MaxRedirects = 10;

    // The ports of the callbacks in the tests.
    private static readonly int[] s_clientPorts = [51234, 33418, 53682, 8787];

    private readonly HttpMessageInvoker _http = new(emulator.CreateHandler(followRedirects: false, useCookies: false));

    /// <summary>Gets the cookies, which tests can change.</summary>
    public CookieContainer Cookies { get; } = new();

    /// <summary>Gets or sets the condition under which the browser does not follow a redirect.</summary>
    public Predicate<Uri>? StopsBefore { get; set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Opens a URL.</summary>
    public Task<BrowserPage> GoAsync(Uri url) => SendAsync(url, null);

    /// <summary>Submits the form of a page with a button. Tests change fields, or remove them with null.</summary>
    public Task<BrowserPage> SubmitAsync(BrowserPage page, string decision, params (string Name, string? Value)[] changes)
    {
        var fields = page.Fields;
        fields["decision"] = decision;
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        return SendAsync(page.FormAction, [.. fields.Where(static field => field.Value is not null).Select(static field =>
            KeyValuePair.Create(field.Key, field.Value!))]);
    }

    /// <summary>Submits fields to a URL.</summary>
    public Task<BrowserPage> PostAsync(Uri url, params (string Name, string Value)[] fields) =>
        SendAsync(url, [.. fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))]);

    public void Dispose() => _http.Dispose();

    private async Task<BrowserPage> SendAsync(Uri url, KeyValuePair<string, string>[]? form)
    {
        var visited = new List<Uri>();
        for (var redirects = 0; ; redirects++)
        {
            Assert.True(redirects < MaxRedirects, $"Too many redirects: {string.Join('\n', visited)}");
            visited.Add(url);
            using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, url);
            request.Content = form is null ? null : new FormUrlEncodedContent(form);
            if (Cookies.GetCookieHeader(url) is { Length: > 0 } cookies)
            {
                request.Headers.Add("Cookie", cookies);
            }

            using var response = await _http.SendAsync(request, Cancelled);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
            {
                Cookies.SetCookies(url, cookie);
            }

            if (response.Headers.Location is not { } location)
            {
                var html = await response.Content.ReadAsStringAsync(Cancelled);
                return new BrowserPage(url, response.StatusCode, html, null, visited, response.Headers.ToDictionary());
            }

            var next = new Uri(url, location);
            // Only the server and Entra ID are on this machine, at other ports than the client.
            if (!next.IsLoopback
                || next.Scheme is not ("http" or "https")
                || s_clientPorts.Contains(next.Port)
                || StopsBefore?.Invoke(next) == true)
            {
                return new BrowserPage(url, response.StatusCode, "", next, visited, response.Headers.ToDictionary());
            }

            (url, form) = (next, null);
        }
    }

    internal sealed partial record BrowserPage(
        Uri Url,
        HttpStatusCode Status,
        string Html,
        Uri? Redirect,
        IReadOnlyList<Uri> Visited,
        IReadOnlyDictionary<string, IEnumerable<string>> Headers)
    {
        /// <summary>Gets the text of the page, without markup.</summary>
        public string Text => WebUtility.HtmlDecode(Tag().Replace(Style().Replace(Html, ""), " "));

        public Uri FormAction => HtmlForm.ActionOf(Html, Url);

        public Dictionary<string, string?> Fields => HtmlForm.FieldsOf(Html);

        /// <summary>Gets the parameters of the redirect to the client.</summary>
        public System.Collections.Specialized.NameValueCollection Parameters => HttpUtility.ParseQueryString(Redirect!.Query);

        public bool HasButton(string decision) => Html.Contains($"name=\"decision\" value=\"{decision}\"", StringComparison.Ordinal);

        [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
        private static partial Regex Style();

        [GeneratedRegex(@"(<[^>]*>|\s)+")]
        private static partial Regex Tag();
    }
}
