using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Receives the redirect with which the browser returns from a sign-in, on a free port of this machine (RFC 8252).</summary>
internal sealed class LoopbackCallback : IAsyncDisposable
{
    private const string CallbackPath = "/callback";

    private readonly TaskCompletionSource<IQueryCollection> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;
    private volatile string? _state;

    private LoopbackCallback()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ReceiveAsync);
    }

    /// <summary>Gets the redirect URI.</summary>
    public Uri Url => new(_app.Urls.First() + CallbackPath);

    public static async Task<LoopbackCallback> StartAsync(CancellationToken cancellationToken)
    {
        var callback = new LoopbackCallback();
        try
        {
            await callback._app.StartAsync(cancellationToken);
            return callback;
        }
        catch
        {
            await callback.DisposeAsync();
            throw;
        }
    }

    /// <summary>Accepts only the redirect with this state. Every page in the browser can send requests to this port.</summary>
    public void Expect(string state) => _state = state;

    /// <summary>Waits for the redirect and returns its parameters.</summary>
    public Task<IQueryCollection> ReceivedAsync(CancellationToken cancellationToken) => _received.Task.WaitAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task ReceiveAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var isExpected = HttpMethods.IsGet(context.Request.Method)
            && context.Request.Path == CallbackPath
            && _state is { } state
            && query["state"] == state
            && _received.TrySetResult(query);
        context.Response.StatusCode = isExpected ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(
            isExpected
                ? "Return to the terminal, which shows the result. You can close this page."
                : "This page belongs to a sign-in that this terminal did not start, or that has ended.",
            context.RequestAborted);
    }
}
