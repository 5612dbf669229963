using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using RemoteMcp.EndToEnd.Processes;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>
/// Tests that the worker serves every route that the app declares. A route that the worker cannot parse breaks all routes: the worker then
/// never builds its endpoint table, and each request gets a 500 after 15 s.
/// </summary>
public sealed partial class FunctionsRouteTests(FunctionsApp app, StartedServers servers)
{
    public static TheoryData<string, string, string> Routes
    {
        get
        {
            var routes = new TheoryData<string, string, string>();
            using var functions = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(BuiltApp.Team.Folder, "functions.metadata")));
            foreach (var function in functions.RootElement.EnumerateArray())
            {
                var triggers = function.GetProperty("bindings").EnumerateArray()
                    .Where(static binding => binding.GetProperty("type").GetString() == "httpTrigger");
                foreach (var trigger in triggers)
                {
                    foreach (var method in trigger.GetProperty("methods").EnumerateArray())
                    {
                        routes.Add(
                            function.GetProperty("name").GetString()!,
                            method.GetString()!.ToUpperInvariant(),
                            trigger.GetProperty("route").GetString()!);
                    }
                }
            }

            return routes;
        }
    }

    [Theory, MemberData(nameof(Routes))]
    public async Task Route_of_a_function_reaches_the_pipeline(string function, string method, string route)
    {
        using var http = new HttpClient();
        // Every route parameter is optional.
        using var request = new HttpRequestMessage(
            new HttpMethod(method), new Uri(await app.AddressAsync(servers), Parameter().Replace(route, "")));
        request.Headers.Accept.ParseAdd("application/json");

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.True(response.StatusCode < HttpStatusCode.InternalServerError, $"{function}: {(int)response.StatusCode}");
        // The host's own responses have no content type. The refusals of the pipeline have one.
        Assert.True(
            response.Content.Headers.ContentType is not null || response.IsSuccessStatusCode,
            $"{function}: the host answered {(int)response.StatusCode} without the app.");
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
