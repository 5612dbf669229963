using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Sessions;
using Xunit;
using static RemoteMcp.Testing.Sessions.WireClient;

namespace RemoteMcp.Tests.Sessions;

/// <summary>
/// Tests a client that disconnects right after the first event of a call, which has the id to resume from. The SDK sends that event before
/// it gives the message to the session, and drops the message if the request was cancelled in between.
/// </summary>
public sealed class EarlyDisconnectTests : IAsyncLifetime
{
    private readonly WireClient _client = new();
    private readonly HeldFirstWrite _held = new();
    private InProcessFleet _fleet = null!;

    private RunningCalls Running => _fleet.Service<RunningCalls>(0);

    public async ValueTask InitializeAsync()
    {
        _fleet = await InProcessFleet.StartAsync(
            2,
            new MemoryStateStore(TimeProvider.System),
            services => services.AddSingleton<IStartupFilter>(_held),
            Cancellation,
            ("RemoteMcp:Sessions:EventFlush", "00:00:00.1"));
        await _client.InitializeAsync(_fleet.Urls[0]);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Call_runs_and_its_answer_is_resumed_on_any_instance(int instance)
    {
        string first;
        _held.IsArmed = true;
        using (var call = await _client.CallAsync(_fleet.Urls[0], 1, "ask", """{"question":"Name?"}"""))
        {
            first = (await ReadAsync(call).FirstAsync(static e => e.Id is not null, Cancellation)).Id!;
        }

        _held.IsArmed = false;
        using var resumed = await _client.GetAsync(_fleet.Urls[instance], first);
        var events = ReadAsync(resumed).GetAsyncEnumerator(Cancellation);
        var prompt = await NextRequestAsync(events);
        await _client.AnswerPromptAsync(_fleet.Urls[1], prompt, "Ada");

        Assert.Equal("Name? -> Ada", await TextOfAnswerAsync(events, 1));
        await Eventually.IsTrueAsync(() => !Running.Contains(_client.InternalSessionId, new RequestId(1)));
    }

    /// <summary>Delays the end of the first write of a response until the client has disconnected.</summary>
    private sealed class HeldFirstWrite : IStartupFilter
    {
        public bool IsArmed { get; set; }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                if (IsArmed && HttpMethods.IsPost(context.Request.Method))
                {
                    context.Response.Body = new HeldStream(context.Response.Body, context.RequestAborted);
                }

                await rest(context);
            });
            next(app);
        };
    }

    private sealed class HeldStream(Stream inner, CancellationToken disconnected) : MemoryStream
    {
        private readonly TaskCompletionSource _disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, CancellationToken.None);

        public override async Task FlushAsync(CancellationToken cancellationToken)
        {
            await inner.FlushAsync(CancellationToken.None);
            using var end = disconnected.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), _disconnected);
            await _disconnected.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }
}
