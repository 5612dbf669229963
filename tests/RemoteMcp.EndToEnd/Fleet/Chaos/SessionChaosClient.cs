using System.Net;

namespace RemoteMcp.EndToEnd.Fleet.Chaos;

/// <summary>A client of 2025-11-25 that keeps one session, resumes interrupted streams, and checks every event.</summary>
internal sealed class SessionChaosClient(Uri endpoint, ChaosReport report, CancellationToken cancellation) : IChaosClient
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private string? _session;
    private int _id;

    public Task NextAsync() => Random.Shared.Next(5) switch
    {
        0 => CallAsync(
            "prompt",
            "test_elicitation",
            static ticket => $$"""{"message":"{{ticket}}"}""",
            static ticket => $"Elicitation completed: action=accept, content={{\"username\":\"{ticket}\",\"email\":\"a@b.c\"}}"),
        1 => CallAsync(
            "long call",
            "count",
            static ticket => $$"""{"ticket":"{{ticket}}","n":10,"pauseMs":200}""",
            static ticket => $"counted {ticket}"),
        2 => CallAsync(
            "cut call",
            "count",
            static ticket => $$"""{"ticket":"{{ticket}}","n":6,"pauseMs":150}""",
            static ticket => $"counted {ticket}",
            cut: true),
        _ => LastAsync(),
    };

    public Task LastAsync() => CallAsync("call", "echo", static ticket => $$"""{"text":"{{ticket}}"}""", static ticket => ticket);

    private async Task CallAsync(string kind, string tool, Func<string, string> arguments, Func<string, string> expected, bool cut = false)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_limit);
        using var client = new FleetClient(endpoint, limit.Token) { Session = _session };
        var ticket = Guid.NewGuid().ToString("N");
        var call = new FollowedCall(client, ++_id, ticket, expected(ticket), cut);
        try
        {
            await BeginAsync(client, limit.Token);
            var (outcome, detail) = await FollowAsync(
                client, call, await client.CallAsync(null, _id, tool, arguments(ticket)), limit.Token);
            report.Add(outcome, $"session {kind} {detail}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            report.Add(Outcome.Hung, $"session {kind} {call}");
        }
        catch (HttpRequestException)
        {
            report.Add(Outcome.Disconnected, $"session {kind} connection refused or broken before the response");
        }
    }

    /// <summary>Initializes a session. Retries if the instance dies meanwhile.</summary>
    private async Task BeginAsync(FleetClient client, CancellationToken limit)
    {
        while (_session is null)
        {
            try
            {
                await client.InitializeAsync();
                _session = client.Session;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidOperationException)
            {
                client.Session = null;
                await Task.Delay(s_pause, limit);
            }
        }
    }

    private static async Task<(Outcome Outcome, string Detail)> FollowAsync(
        FleetClient client, FollowedCall call, HttpResponseMessage response, CancellationToken limit)
    {
        while (true)
        {
            using (response)
            {
                switch (response.StatusCode)
                {
                    case HttpStatusCode.OK:
                        if (await call.ReadAsync(response) is { } end)
                        {
                            return end;
                        }

                        break;
                    case HttpStatusCode.NotFound:
                        return (Outcome.SessionLost, "");
                    case var status when call.LastEventId is null
                        || status is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable):
                        return await Refusal.JudgeAsync(response, limit);
                }
            }

            if (call.LastEventId is null)
            {
                return (Outcome.Disconnected, "cut before the first event");
            }

            await Task.Delay(s_pause, limit);
            response = await ResumeAsync(client, call.LastEventId, limit);
        }
    }

    private static async Task<HttpResponseMessage> ResumeAsync(FleetClient client, string lastEventId, CancellationToken limit)
    {
        while (true)
        {
            try
            {
                return await client.GetAsync(null, lastEventId);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(s_pause, limit);
            }
        }
    }
}
