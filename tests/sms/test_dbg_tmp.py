import tests.sms.test_machine as m
from collections import Counter
C=Counter()
orig=m.Texts._run_out
def run_out(self):
    C["runs"]+=1; C["accepted_rows"]+=len(self.accepted); C["calls_before"]+=self.world.twilio.calls; C["twilio_before"]+=len(self.world.twilio.accepted)
    C["rows"]+=len(self.world.rows())
    for r in self.world.rows(): C["st:"+r["status"]]+=1
    orig(self)
    C["calls_after"]+=self.world.twilio.calls
    for r in self.world.rows(): C["end:"+r["status"]+":"+r.get("error",{}).get("code","")]+=1
m.Texts._run_out=run_out
for n in ("work","work_and_die","report","dispatch","press","settle","text","retry"):
    def wrap(n=n):
        f=getattr(m.Texts,n)
        def g(self,*a,**k):
            C["rule:"+n]+=1
            return f(self,*a,**k)
        return g
from tests.sms.test_machine import *
def test_it(db):
    import hypothesis
    machine=type("Machine",(m.Texts,),{"db":db})
    m.run_state_machine_as_test(machine,settings=m.settings(max_examples=15,stateful_step_count=40,deadline=None,suppress_health_check=list(m.HealthCheck)))
    print("STATS",dict(C))
del test_every_order_of_events
