using RemoteMcp.Clients;
using RemoteMcp.Web;

namespace RemoteMcp.HomePage;

/// <summary>
/// Renders the URL of the server and the configuration of each client. The script shows the clients as tabs. Without the script, they are
/// sections.
/// </summary>
internal static class ClientSection
{
    public static Markup Endpoint(HttpServerEntry entry) => Markup.Of($"""
        <section aria-labelledby="endpoint">
        <h2 id="endpoint">Endpoint</h2>
        {Copyable("endpoint-url", entry.Url.AbsoluteUri, "the endpoint")}
        <p>The endpoint supports Streamable HTTP in every revision of the protocol. If a client supports only HTTP+SSE, use
        <code>{entry.Url.AbsoluteUri}/sse</code>.</p>
        </section>
        """);

    public static Markup Clients(HttpServerEntry entry) => Markup.Of($"""
        <section aria-labelledby="clients">
        <h2 id="clients">Connect your client</h2>
        <div class="clients">
        {ClientCatalog.All.Select(client => Client(client, entry))}
        </div>
        </section>
        """);

    private static Markup Client(McpClientApp client, HttpServerEntry entry)
    {
        var files = ClientFiles.Of(client);
        var setupWithoutFile = Markup.Of($"{Install(client, entry)}{CommandLine(client, entry)}");
        return Markup.Of($"""
            <section id="{client.Id}" aria-labelledby="{client.Id}-name">
            <h3 id="{client.Id}-name">{client.DisplayName}</h3>
            {setupWithoutFile}
            <p>{(setupWithoutFile.Length > 0 ? "Or put this into a file:" : "Put this into a file:")}</p>
            {Copyable($"{client.Id}-configuration", client.Snippet(entry), $"the configuration for {client.DisplayName}")}
            <ul>
            {files.Select(static file => Markup.Of($"<li>{file.AppliesTo}: <code>{file.Path}</code></li>"))}
            </ul>
            <p>{client.NextStep(files[0].Path)}</p>
            </section>
            """);
    }

    private static Markup Install(McpClientApp client, HttpServerEntry entry) => client.InstallLink(entry) is { } link
        ? Markup.Of($"""<p><a class="button" href="{link}">Install in {client.DisplayName}</a></p>""")
        : default;

    private static Markup CommandLine(McpClientApp client, HttpServerEntry entry) => client.CommandLine(entry) is { } command
        ? Markup.Of($"""
            <p>Run this in a terminal:</p>
            {Copyable($"{client.Id}-command", command, $"the command for {client.DisplayName}")}
            """)
        : default;

    // The button is hidden because it works only with the script. The script shows it.
    private static Markup Copyable(string id, string text, string what) => Markup.Of($"""
        <div class="copyable"><pre><code id="{id}">{text}</code></pre>
        <button type="button" hidden data-copies="{id}">Copy<span class="visually-hidden"> {what}</span></button></div>
        """);
}
